import { inspect } from 'node:util';
import { AS_BYTES, aborted, bytes, fields, LIMITS, nextTurn, ofChild, setters } from './calls.mjs';

export const PROCESS = {
  ...fields(
    'Process',
    ({ held }, field) => held[field](),
    ({ dead }, field) => dead[field](),
  ),
  ...bytes(
    'Process',
    ({ held }, field) => held[field](AS_BYTES),
    ({ dead }, field) => dead[field](AS_BYTES),
  ),
  'Process.getrlimit': {
    works: ({ held }) => held.getrlimit('RLIMIT_CORE'),
    fails: ({ dead }) => dead.getrlimit('RLIMIT_CORE'),
  },
  'Process.rlimit': {
    works: ({ held }) => held.rlimit('RLIMIT_CORE', LIMITS),
    fails: ({ dead }) => dead.rlimit('RLIMIT_CORE', LIMITS),
  },
  ...setters(
    'Process',
    ({ held }, method, value, options) => held[method](value, options),
    ({ dead }, method, value, options) => dead[method](value, options),
  ),
  'Process.snapshot': { works: ({ held }) => held.snapshot(), fails: ({ dead }) => dead.snapshot() },
  'Process.cpuPercent': {
    works: ({ held }) => held.cpuPercent({ interval: 50 }),
    fails: ({ held }) => held.cpuPercent({ interval: 1 }),
    slower: 50,
  },
  'Process.isRunning': {
    works: ({ held, dead }) => (nextTurn() % 2 ? held : dead).isRunning(),
    fails: ({ held }) => held.isRunning(5),
  },
  'Process.kill': { works: ({ held }) => held.kill(0), fails: ({ dead }) => dead.kill(0) },
  'Process.killTree': {
    works: ({ client }) => ofChild(async ({ pid }) => (await client.process(pid)).killTree()),
    fails: ({ dead }) => dead.killTree(),
    slower: 500,
    atOnce: 4,
  },
  'Process.waitForExit': {
    works: ({ dead }) => dead.waitForExit(),
    fails: ({ held }) => held.waitForExit(aborted),
  },
  'Process.parent': { works: ({ held }) => held.parent(), fails: ({ dead }) => dead.parent(), slower: 10 },
  'Process.parents': { works: ({ held }) => held.parents(), fails: ({ dead }) => dead.parents(), slower: 50 },
  'Process.children': {
    works: ({ held }) => held.children({ recursive: nextTurn() % 2 === 0 }),
    fails: ({ dead }) => dead.children(),
    slower: 50,
  },
  'Process.toJSON': { works: ({ held }) => JSON.stringify(held) },
  'Process[inspect]': { works: ({ held }) => inspect(held) },
};
