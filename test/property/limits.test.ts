import * as fc from 'fast-check';
import { createClient, type Limits, type Oneshot } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { sleeper } from '../processes/sleeper.js';
import { propertyRuns } from './runs.js';

const other = await sleeper();
const client = createClient({ threads: 2 });
afterAll(async () => {
  other[Symbol.dispose]();
  await client.close();
});

const CORE = 'RLIMIT_CORE';

/** One limit of a process and its expected value: what was set last when the call was made. */
class Model {
  readonly seen: { expected: number; found: number; what: string }[] = [];
  readonly #scope: Oneshot;
  #soft = 0;

  constructor(scope: Oneshot) {
    this.#scope = scope;
  }

  async run(step: Step, value: number): Promise<void> {
    const expected = this.#soft;
    const found = (limits: Limits | null | undefined) => {
      this.seen.push({ expected, found: limits?.soft ?? -1, what: step });
    };
    switch (step) {
      case 'set':
        this.#soft = value;
        return found(await this.#scope.rlimit(CORE, { soft: value, hard: Infinity }));
      case 'set with a signal':
        this.#soft = value;
        return found(
          await this.#scope.rlimit(CORE, { soft: value, hard: Infinity }, { signal: new AbortController().signal }),
        );
      case 'limit':
        return found(await this.#scope.getrlimit(CORE));
      case 'limit with a signal':
        return found(await this.#scope.getrlimit(CORE, { signal: new AbortController().signal }));
      case 'limits':
        return found((await this.#scope.rlimits())[CORE]);
      case 'snapshot':
        return found((await this.#scope.snapshot({ fields: ['umask', 'rlimits'] })).rlimits?.[CORE]);
      case 'limit outside':
        return found(await client.getrlimit(other.pid, CORE));
      case 'umask':
        await this.#scope.umask();
        return;
      case 'name':
        await this.#scope.name();
        return;
      case 'microtask':
        return;
      case 'turn':
        await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const STEPS = [
  'set',
  'set with a signal',
  'limit',
  'limit with a signal',
  'limits',
  'snapshot',
  'limit outside',
  'umask',
  'name',
  'microtask',
  'turn',
] as const;
type Step = (typeof STEPS)[number];

/** What runs at the same time: each is a list of steps, made one behind the other. */
const PROGRAMS = fc.array(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 5,
});

test('whatever is read and set at the same time in a scope, each call sees what was set when it was made', async () => {
  await fc.assert(
    fc.asyncProperty(PROGRAMS, async (programs) => {
      await client.rlimit(other.pid, CORE, { soft: 0, hard: Infinity });
      await using scope = await client.oneshot(other.pid);
      const model = new Model(scope);
      let value = 0;
      await Promise.all(
        programs.map(async (steps) => {
          for (const step of steps) await model.run(step, ++value);
        }),
      );
      expect(model.seen.filter(({ expected, found }) => expected !== found)).toEqual([]);
    }),
    { ...propertyRuns(300), examples: [[[['limit'], ['umask', 'set']]]] },
  );
});
