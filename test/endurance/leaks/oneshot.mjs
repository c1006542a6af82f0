import { inspect } from 'node:util';
import { AS_BYTES, bytes, fields, LIMITS, PID, setters } from './calls.mjs';

export const ONESHOT = {
  ...fields(
    'Oneshot',
    ({ scope }, field) => scope[field](),
    ({ unusedScope }, field) => unusedScope[field](),
  ),
  ...bytes(
    'Oneshot',
    ({ scope }, field) => scope[field](AS_BYTES),
    ({ unusedScope }, field) => unusedScope[field](AS_BYTES),
  ),
  'Oneshot.getrlimit': {
    works: ({ scope }) => scope.getrlimit('RLIMIT_CORE'),
    fails: ({ unusedScope }) => unusedScope.getrlimit('RLIMIT_CORE'),
  },
  'Oneshot.rlimit': {
    works: ({ scope }) => scope.rlimit('RLIMIT_CORE', LIMITS),
    fails: ({ unusedScope }) => unusedScope.rlimit('RLIMIT_CORE', LIMITS),
  },
  ...setters(
    'Oneshot',
    ({ scope }, method, value, options) => scope[method](value, options),
    ({ unusedScope }, method, value, options) => unusedScope[method](value, options),
  ),
  'Oneshot.kill': { works: ({ scope }) => scope.kill(0), fails: ({ unusedScope }) => unusedScope.kill(0) },
  'Oneshot.snapshot': { works: ({ scope }) => scope.snapshot(), fails: ({ unusedScope }) => unusedScope.snapshot() },
  'Oneshot.close': {
    works: async ({ client }) => {
      const scope = await client.oneshot(PID);
      const read = scope.umask();
      // Closed while its thread reads for it.
      await read;
      const second = scope.rlimits();
      await scope.close();
      await second;
    },
  },
  'Oneshot[Symbol.asyncDispose]': {
    works: async ({ client }) => {
      const scope = await client.oneshot(PID);
      await scope.groups();
      await scope[Symbol.asyncDispose]();
    },
  },
  'Oneshot[inspect]': { works: ({ scope }) => inspect(scope) },
};
