import { expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';
import { UNUSED_PID } from '../processes/sleeper.js';
import { propertyRuns } from './runs.js';

/** Calls the addon with arguments of every kind, and counts the outcomes; a crash or an abort ends this program. */
const CALLS = `
  import { loadAddon, Op, run } from '@psutil-extra/native';
import { FIELDS, Frame } from '@psutil-extra/native/protocol';
  const [runs, first] = process.argv.slice(-2).map(Number);
  let seed = first;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(random() * count);
  const one = (...choices) => choices[below(choices.length)];
  const detached = (array) => (structuredClone(array.buffer, { transfer: [array.buffer] }), array);
  const shared = (Type, length) => new Type(new SharedArrayBuffer(length * Type.BYTES_PER_ELEMENT));
  const NUMBERS = [0, -0, 1, 2, 5, 7, 8, 31, 64, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 31 - 1, 2 ** 31, -(2 ** 31),
    2 ** 32 - 1, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308, 5e-324, 2 ** FIELDS.length - 1, 2 ** FIELDS.length];
  const number = () => one(...NUMBERS, below(2 ** 14), random());
  const TYPES = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array,
    BigInt64Array, BigUint64Array];
  const odd = () => one(undefined, null, true, '', 'x', '/proc', 'a\\0b', '/'.repeat(5000), '\\ud800', 1n, -1n, 2n ** 64n,
    2n ** 70n, Symbol('s'), Symbol.iterator, {}, [], [1, 2], () => {}, new Date(), new Map(), new Number(1),
    new String('/proc'), new Proxy(Int32Array.of(1), {}), new DataView(new ArrayBuffer(8)), new ArrayBuffer(8),
    new SharedArrayBuffer(8), Object.create(Int32Array.prototype), number(), arrayOf(one(...TYPES), below(4)));
  function arrayOf(Type, length) {
    const array = one(0, 0, 0, 1) === 1 ? shared(Type, length) : new Type(length);
    const isBig = array instanceof BigInt64Array || array instanceof BigUint64Array;
    for (let i = 0; i < length; i++) array[i] = isBig ? 1n : one(process.pid, 1, ${UNUSED_PID}, number());
    return one(0, 0, 0, 0, 0, 0, 1) === 1 && array.buffer instanceof ArrayBuffer ? detached(array) : array;
  }
  const fields = () => one(0, 1, 1 << below(FIELDS.length), 2 ** FIELDS.length - 1, below(2 ** FIELDS.length));
  const often = (good, other = odd) => (random() < 0.85 ? good() : other());

  const addon = loadAddon();
  const readers = [new addon.Reader('/proc'), new addon.Reader('/proc/.'), new addon.Reader('/nowhere')];
  const pids = () => arrayOf(Int32Array, below(5));
  const reading = (fields) => [often(fields, number), often(() => below(8), number),
    often(() => one(null, undefined, new Int32Array(1), shared(Int32Array, 1)))];
  // With all of its arguments, or now and then fewer.
  const some = (...args) => one(...readers).run(...args.slice(0, random() < 0.05 ? below(args.length + 1) : args.length));
  const CALLS = {
    Reader: () => new addon.Reader(...[often(odd)].slice(0, below(2))),
    refusalOfWalk: () => addon.refusalOfWalk(odd(), odd()),
    pids: () => {
      const requested = often(pids);
      const length = ArrayBuffer.isView(requested) && !(requested instanceof DataView) ? requested.length : 0;
      const set = () => Float64Array.from({ length: 1 + below(3) }, () => 2 ** below(FIELDS.length));
      const hasSets = random() < 0.3;
      return some(Op.pids, ...reading(hasSets ? () => 2 ** FIELDS.length - 1 : fields), requested,
        often(() => one(null, arrayOf(Float64Array, length))), hasSets ? often(set) : null,
        hasSets ? often(() => new Uint8Array(length).fill(below(3))) : null);
    },
    table: () => some(Op.table, ...reading(fields)),
    cursor: () => some(Op.cursor, ...reading(fields), often(() => 1 + below(3), number), often(() => one(0, below(200)), number),
      often(() => 1 + below(20), number)),
    list: () => some(Op.list, often(() => 0, number), often(() => 1 + below(20), number), often(() => one(null, new Int32Array(1)))),
    descendants: () => some(Op.descendants, often(pids), often(() => 1 + below(20), number)),
    // Never of an existing process.
    act: () => some(Op.act, often(() => below(6), number), often(() => one(${UNUSED_PID}, -1, -(2 ** 31)), () => one('1', 1.5, NaN, null, 2 ** 31, {})),
      often(number), often(() => BigUint64Array.from({ length: often(() => 3, () => below(5)) }, () => BigInt(below(9))))),
    run: () => one(...readers).run(odd(), odd(), odd()),
    elsewhere: () => addon.Reader.prototype.run.call(odd(), odd(), odd()),
  };
  const counts = { answers: 0, refusals: 0, wrong: [] };
  for (let count = 0; count < runs; count++) {
    const method = one('Reader', 'refusalOfWalk', 'elsewhere', 'run', 'list', 'descendants', 'act', 'table', 'cursor', 'cursor', 'pids', 'pids', 'pids', 'pids');
    try {
      const answer = CALLS[method]();
      if (answer instanceof ArrayBuffer) new Frame(answer);
      counts.answers++;
    } catch (error) {
      counts.refusals++;
      const clear = error instanceof TypeError && (method === 'elsewhere' ? /Illegal invocation|constructor/ :
        /^The "(procRoot|op|pids|starts|fields|sets|setOf|flags|urgentPending|number|from|max|cursor|kind|pid|start|arguments)" argument /
      ).test(error.message) && (method === 'elsewhere' || /^ERR_INVALID_ARG_(TYPE|VALUE)$/.test(error.code));
      if (!clear) counts.wrong.push(method + ': ' + error);
    }
  }
  // A rejected call has left nothing behind that affects a valid call.
  counts.after = typeof run(readers[0], { op: 'pids', pids: Int32Array.of(process.pid), fields: 1 << FIELDS.findIndex(({ name }) => name === 'pgid') });
  console.log(JSON.stringify(counts));`;

test('whatever the addon is called with, it answers or throws a TypeError that names the argument', async () => {
  const { numRuns, seed = Date.now() % 2 ** 31 } = propertyRuns(20_000);
  const counts = await answerOf<{ answers: number; refusals: number; wrong: string[]; after: string }>(CALLS, {
    args: [String(numRuns), String(seed)],
  }).catch((error: Error) => {
    throw new Error(`with PSUTIL_EXTRA_PROPERTY_SEED=${seed}: ${error.message}`);
  });
  expect(counts, `with PSUTIL_EXTRA_PROPERTY_SEED=${seed}`).toMatchObject({ wrong: [], after: 'number' });
  // Both outcomes occur, and not one alone.
  expect(counts.answers).toBeGreaterThan(numRuns / 10);
  expect(counts.refusals).toBeGreaterThan(numRuns / 10);
});
