import * as fc from 'fast-check';
import { createClient, type Oneshot, type Process, ProcessError, type ProcessTable } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { rejections } from '../processes/rejection.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { hostile, type Make, options, Thrown } from './hostile.js';
import { propertyRuns } from './runs.js';

const other = await sleeper();
const client = createClient({ threads: 1 });
const held: Process = await client.process(other.pid);
const scope: Oneshot = await client.oneshot(other.pid);
const table: ProcessTable<'umask' | 'rlimits'> = await client.scan({ fields: ['umask', 'rlimits'], pids: [other.pid] });
const prototype = Reflect.ownKeys(Object.prototype).length;
afterAll(async () => {
  other[Symbol.dispose]();
  await client.close();
});

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** The methods of an object and of its prototypes, but for those that end it. */
function methodsOf(subject: object): string[] {
  const names = new Set<string>();
  for (let at = subject; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      const own = typeof value === 'function' && (subject as Methods)[name] === value;
      if (own && !['constructor', 'close'].includes(name)) names.add(name);
    }
  }
  return [...names];
}

const ARGUMENTS =
  /"(proc|work|resource|newLimits(\.soft|\.hard)?|nice|cpus(\[\d+\])?|(ioPriority|scheduler)(\.\w+)?|oomScoreAdj|signal|criteria(\.\w+)?|options(\.\w+)?|name|index|pid)"|'(resource|(ioPriority|scheduler)\.\w+|options(\.\w+)?(\[\d+\])?|field|signal|criteria(\.\w+)?)'/;

/** Fails unless an error names the argument that is wrong, is about a process, or is what the value itself threw. */
function expectClear(error: unknown, args: unknown[]): void {
  if (error instanceof ProcessError || error instanceof Thrown) return;
  const { code, message } = error as { code?: string; message?: string };
  if ((error instanceof TypeError || error instanceof RangeError) && code?.startsWith('ERR_')) {
    expect(message).toMatch(ARGUMENTS);
    return;
  }
  // A proxy that was revoked says so wherever it is touched, and a class when it is called.
  if (error instanceof TypeError && /revoked|Class constructor/.test(error.message)) return;
  const reasons = new Set(args.flatMap((arg) => reasonOf(arg)));
  // Events that are aborted throw as `events.on()` does.
  if (reasons.has(error) || (code === 'ABORT_ERR' && reasons.has((error as Error).cause))) return;
  throw new Error(`neither of an argument nor of a process: ${String(message ?? error)}`, { cause: error });
}

/** What an aborted signal among the options was aborted with. */
function reasonOf(arg: unknown): unknown[] {
  try {
    const { signal } = arg as { signal?: AbortSignal };
    return signal instanceof AbortSignal && signal.aborted ? [signal.reason] : [];
  } catch {
    return [];
  }
}

/** Whatever is passed as a PID, limits are set only on the process that was started for it. */
const pid = fc.constantFrom<Make>(
  () => other.pid,
  () => held,
  () => UNUSED_PID,
);
const safely = hostile().map((make) => () => {
  const value = make();
  return typeof value === 'number' && value > 0 && value < UNUSED_PID ? UNUSED_PID : value;
});
const good = fc.constantFrom(1, 2n, Number.POSITIVE_INFINITY).map((value) => () => value);
const limits = options(fc.oneof(good, hostile()));
const resource = fc
  .constantFrom<unknown>('RLIMIT_CORE', 4, 19, [0], { class: 'idle' }, { policy: 'batch' })
  .map((value) => () => value);
const tail = fc.oneof(hostile(), limits);

/** Arguments of a method, half of them so far right that the next one is looked at. */
function argumentsOf(takesProcess: boolean, ends: boolean): fc.Arbitrary<Make[]> {
  const lead = takesProcess ? [ends ? safely : fc.oneof(pid, safely)] : [];
  return fc
    .tuple(fc.tuple(...lead), fc.tuple(fc.oneof(resource, tail), tail, tail), fc.nat(3))
    .map(([first, others, count]) => [...first, ...others.slice(0, count)]);
}

/** What a method answers with, or its error; a scope is closed, a scan is read to its end, and of events and samples the first is not waited for. */
async function outcome(call: () => unknown): Promise<unknown> {
  let answer = await call();
  if (isEvents(answer)) {
    const first = answer.next();
    await answer.return();
    return first;
  }
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    for await (const batch of answer as AsyncIterable<unknown>) answer = batch;
  }
  return answer;
}

/** Their classes are not exported. */
function isEvents(answer: unknown): answer is ReturnType<typeof client.events> {
  return typeof answer === 'object' && ['ProcessEvents', 'Samples'].includes(answer?.constructor.name ?? '');
}

/** What takes two readings. */
const MEASURING: ReadonlySet<string> = new Set(['cpuPercent', 'top']);
/** What would end the process, or wait for its end: called of processes that there are not. */
const ENDING: ReadonlySet<string> = new Set(['kill', 'killTree', 'waitForExit']);

describe.each([
  ['client', client, true],
  ['Process', held, false],
  ['scope', scope, false],
] as const)('every method of a %s', (_, subject, takesProcess) => {
  const asynchronous = methodsOf(subject).filter(
    (name) => !['supports', 'stats', 'toJSON'].includes(name) && (takesProcess || !ENDING.has(name)),
  );

  test.each(asynchronous)('%s answers or rejects with a clear error, whatever it is called with', async (method) => {
    await fc.assert(
      fc.asyncProperty(
        argumentsOf(
          takesProcess && !['pids', 'scan', 'scanBatches', 'find', 'tree'].includes(method),
          ENDING.has(method),
        ),
        async (makes) => {
          const args = makes.map((make) => make());
          // An exception here was thrown synchronously.
          const call = (subject as unknown as Methods)[method]?.(...args);
          try {
            await outcome(() => call);
          } catch (error) {
            expectClear(error, args);
          }
          expect(Reflect.ownKeys(Object.prototype)).toHaveLength(prototype);
          expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
        },
      ),
      // A call that is right measures for a second.
      propertyRuns(MEASURING.has(method) ? 20 : 100),
    );
    expect(client.stats().pending).toBe(0);
    expect(await client.pgid(other.pid)).toBeGreaterThanOrEqual(0);
  });
});

describe('what answers at once', () => {
  const SYNCHRONOUS: [string, (...args: unknown[]) => unknown][] = [
    ['createClient', (made) => createClient(made as object)],
    ['client.supports', (name) => client.supports(name as string)],
    ['table.column', (field) => table.column(field as 'umask')],
    ['table.get', (which) => table.get(which as number)],
    ['table.at', (index) => table.at(index as number)],
    ['table.error', (which, field) => table.error(which as number, field as 'umask')],
    ['table.error of a process that is there', (field) => table.error(other.pid, field as 'umask')],
  ];

  test.each(SYNCHRONOUS)('%s answers or throws a clear error', (_, call) => {
    fc.assert(
      fc.property(fc.oneof(hostile(), limits), hostile(), (...makes) => {
        const args = makes.map((make) => make());
        try {
          call(...args);
        } catch (error) {
          expectClear(error, args);
        }
        expect(Reflect.ownKeys(Object.prototype)).toHaveLength(prototype);
      }),
      propertyRuns(400),
    );
  });

  test('a row by its position is the one that an array has there, or none', () => {
    const rows = [other.pid];
    fc.assert(
      fc.property(fc.double(), (index) => {
        expect(table.at(index)?.pid).toBe(rows.at(index));
      }),
      propertyRuns(300),
    );
  });
});

test('an error that a caller’s own value throws is passed on unchanged', async () => {
  const frozen = Object.freeze(new Thrown('mine'));
  const { stack } = frozen;
  const touchy = {
    get signal(): AbortSignal {
      throw frozen;
    },
  };
  const pids = (function* () {
    yield 1;
    throw frozen;
  })();
  const calls = [client.umask(1, touchy), client.scan({ pids }), client.pids(touchy), client.oneshot(1, touchy)];
  for (const error of await rejections(calls)) expect(error).toBe(frozen);
  expect(frozen.stack).toBe(stack);
});

test('work in a scope that aborts its own signal at once rejects with the reason', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const call = client.oneshot(
    other.pid,
    () => {
      controller.abort(reason);
      return new Promise(() => {});
    },
    { signal: controller.signal },
  );
  await expect(call).rejects.toBe(reason);
});
