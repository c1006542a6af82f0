import { inspect } from 'node:util';
import * as fc from 'fast-check';

/** An error that only a value of these can throw, when it is touched. */
export class Thrown extends Error {
  override readonly name = 'Thrown';
}

/** Makes a value. The values themselves are not for fast-check, which looks at what it draws, and so would touch them. */
export type Make = () => unknown;

/** What a program without types, or one that takes its arguments from others, may pass. */
export function hostile(): fc.Arbitrary<Make> {
  return fc.oneof(
    { weight: 4, arbitrary: anything() },
    { weight: 2, arbitrary: options(anything()) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  );
}

/** Objects with the names that options have, whose values are anything, or throw when they are read. */
export function options(values: fc.Arbitrary<Make>): fc.Arbitrary<Make> {
  const member = fc.tuple(fc.constantFrom(...OPTION_NAMES), values, fc.constantFrom('value', 'value', 'get', 'throw'));
  return fc.array(member, { maxLength: 5 }).map((members) => () => {
    const made = {};
    for (const [name, make, how] of members) {
      const value = make();
      const get = how === 'get' ? () => value : () => thrown(name);
      Object.defineProperty(made, name, {
        configurable: true,
        enumerable: true,
        ...(how === 'value' ? { value } : { get }),
      });
    }
    return made;
  });
}

function anything(): fc.Arbitrary<Make> {
  return fc.oneof(
    fc
      .anything({
        withBigInt: true,
        withBoxedValues: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withNullPrototype: true,
        withObjectString: true,
        withSparseArray: true,
        withTypedArray: true,
        maxDepth: 2,
      })
      .map((value) => () => value),
    fc.constantFrom(...PRIMITIVES).map((value) => () => value),
    fc.constantFrom(...ODD),
  );
}

const OPTION_NAMES = [
  'signal',
  'fields',
  'pids',
  'bigint',
  'fallback',
  'batchSize',
  'soft',
  'hard',
  'threads',
  'procRoot',
  'maxQueue',
  'source',
  '__proto__',
  'constructor',
] as const;

const PRIMITIVES = [
  undefined,
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  2 ** 22 + 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0n,
  -1n,
  2n ** 64n,
  '',
  '0',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'umask',
  'RLIMIT_CORE',
  'x'.repeat(5000),
  Symbol('symbol'),
  Symbol.iterator,
  Symbol.for('__proto__'),
];

function thrown(what: string): never {
  throw new Thrown(`${what} was touched`);
}

/** Each is made anew: some are spent when they are used. */
const ODD: Make[] = [
  () => JSON.parse('{"__proto__":{"signal":1,"fields":["umask"],"polluted":true}}'),
  () => Object.create({ signal: 1, fields: ['nothing'], pids: 5 }),
  () => Object.create(null),
  () => Object.freeze({ signal: AbortSignal.abort(Object.freeze(new Error('frozen'))) }),
  () => ({ signal: AbortSignal.abort('a reason that is no error') }),
  () => ({ signal: AbortSignal.abort(Object.create(null)) }),
  () => ({ signal: { aborted: false } }),
  () => ({ signal: { aborted: true, reason: 5 } }),
  () => ({ signal: new EventTarget() }),
  () => new Proxy({}, { get: (_, name) => thrown(String(name)) }),
  () => new Proxy({}, { getPrototypeOf: () => thrown('getPrototypeOf'), has: () => thrown('has') }),
  () => new Proxy(() => {}, { apply: () => thrown('apply'), get: () => thrown('get') }),
  () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  () => ({
    get constructor() {
      return thrown('constructor');
    },
  }),
  () => ({ constructor: { name: Symbol('name') } }),
  () => Object.defineProperty(() => {}, 'name', { value: Symbol('name') }),
  () => Object.defineProperty(() => {}, 'name', { get: () => thrown('name') }),
  () => ({ [inspect.custom]: () => thrown('inspect.custom') }),
  () => ({
    get [Symbol.toStringTag]() {
      return thrown('toStringTag');
    },
  }),
  () => ({ [Symbol.toPrimitive]: () => thrown('toPrimitive'), valueOf: () => 1 }),
  () => ({ [Symbol.iterator]: () => thrown('iterator') }),
  () => ({ fields: { [Symbol.iterator]: () => thrown('iterator') } }),
  () => ({ pids: { [Symbol.iterator]: 5 } }),
  () => ({
    pids: (function* () {
      yield 1;
      thrown('pids');
    })(),
  }),
  () => ({ fields: ['umask', 'umask', 'umask'] }),
  () => ({ fields: new Set(['umask']) }),
  () => ({ fields: 'umask' }),
  () => ({ fields: { length: 2 ** 53 } }),
  () => ({ pids: new Int32Array([1, 2]) }),
  () => ({ pids: new BigInt64Array(2) }),
  () => ({ pids: 'abc' }),
  () => Promise.resolve(1),
  () => class {},
  () => async () => 1,
  () => () => thrown('work'),
  () => new Error('an error'),
  () => new AbortController().signal,
  () => new WeakMap(),
  () => new ArrayBuffer(8),
  () => globalThis,
];
