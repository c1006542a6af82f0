import { createClient, type SignalSet } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Python } from '../processes/python.js';

describe('a SignalSet of signals 1, 15, 34, 37 and 64', () => {
  const client = createClient({ threads: 1 });
  let set: SignalSet;

  beforeAll(async () => {
    using python = await Python.start();
    await python.run('signal.pthread_sigmask(signal.SIG_SETMASK, {1, 15, 34, 37, 64})');
    set = (await client.sigmasks(python.pid)).blocked as SignalSet;
    return () => client.close();
  });

  test('has its members by number', () => {
    expect([1, 2, 15, 34, 64, 65].map((signal) => set.has(signal))).toEqual([true, false, true, true, true, false]);
  });

  test('has its members by name', () => {
    expect(set.has('SIGHUP')).toBe(true);
    expect(set.has('SIGTERM')).toBe(true);
    expect(set.has('SIGINT')).toBe(false);
  });

  test('has real-time signals counted from either end', () => {
    expect(['SIGRTMIN', 'SIGRTMIN+3', 'SIGRTMAX', 'SIGRTMAX-27'].every((name) => set.has(name))).toBe(true);
    expect(['SIGRTMIN+1', 'SIGRTMAX-1'].some((name) => set.has(name))).toBe(false);
  });

  test('does not have a number that is no signal', () => {
    expect([0, -1, 1.5, Number.NaN, 1e9].filter((each) => set.has(each))).toEqual([]);
  });

  test.each([
    ['SIGFOO', ''],
    ['', ''],
    ['SIG', ''],
    ['HUP', " (did you mean 'SIGHUP'?)"],
    ['sighup', " (did you mean 'SIGHUP'?)"],
    ['term', " (did you mean 'SIGTERM'?)"],
    ['SIGTREM', " (did you mean 'SIGTERM'?)"],
    ['SIG0', ''],
    ['SIG129', ''],
    ['SIGRTMIN+31', ''],
    ['SIGRTMAX-31', ''],
    ['toString', ''],
    ['__proto__', ''],
    ['9'.repeat(5000), ''],
  ])('throws for the name %s, which is none of a signal', (name, hint) => {
    const message = `The argument 'signal' must be a signal's number or its name, such as 'SIGTERM'`;
    expect(() => set.has(name)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_VALUE',
        message: hint === '' ? expect.stringContaining(message) : expect.stringContaining(message + hint),
      }),
    );
  });

  test('names its members in the order of their numbers', () => {
    expect(set.names()).toEqual(['SIGHUP', 'SIGTERM', 'SIGRTMIN', 'SIGRTMIN+3', 'SIGRTMIN+30']);
  });

  test('takes each of its names', () => {
    expect(set.names().every((name) => set.has(name))).toBe(true);
  });

  test('is a mask whose bit 0 is signal 1', () => {
    expect(set.mask).toBe(2n ** 0n + 2n ** 14n + 2n ** 33n + 2n ** 36n + 2n ** 63n);
  });

  test('is its names as JSON', () => {
    expect(JSON.stringify(set)).toBe('["SIGHUP","SIGTERM","SIGRTMIN","SIGRTMIN+3","SIGRTMIN+30"]');
  });

  test('is iterable as a set of numbers is', () => {
    expect([...set]).toEqual([1, 15, 34, 37, 64]);
    expect(set.size).toBe(5);
    expect([...set.keys()]).toEqual([...set]);
    expect([...set.values()]).toEqual([...set]);
    expect([...set.entries()][1]).toEqual([15, 15]);
    expect(new Set(set)).toEqual(new Set([1, 15, 34, 37, 64]));
  });

  test('calls forEach as a set does', () => {
    const seen: unknown[] = [];
    const me = {};
    set.forEach(function (this: unknown, value, key, whole) {
      seen.push([this === me, value, key, whole === set]);
    }, me);
    expect(seen[0]).toEqual([true, 1, 1, true]);
    expect(seen).toHaveLength(5);
  });

  test('is a set of numbers where it is compared, copied or cloned', () => {
    expect(set).toEqual(new Set([1, 15, 34, 37, 64]));
    expect(structuredClone(set)).toEqual(new Set([1, 15, 34, 37, 64]));
    expect(new Set(set).size).toBe(5);
  });

  test('cannot be changed', () => {
    const numbers = set as unknown as Set<number>;
    for (const change of [() => numbers.add(2), () => numbers.delete(1), () => numbers.clear()]) {
      expect(change).toThrow(TypeError);
    }
    expect(() => Object.assign(set, { size: 1 })).toThrow(TypeError);
    expect([set.has(1), set.has(2), set.size]).toEqual([true, false, 5]);
  });
});

describe('an empty SignalSet', () => {
  const client = createClient({ threads: 1 });
  afterAll(() => client.close());

  test('has size 0, no names and mask 0n', async () => {
    using python = await Python.start();
    await python.run('signal.pthread_sigmask(signal.SIG_SETMASK, set())');
    const set = (await client.sigmasks(python.pid)).blocked as SignalSet;
    expect([set.size, set.names(), set.mask, JSON.stringify(set)]).toEqual([0, [], 0n, '[]']);
  });
});
