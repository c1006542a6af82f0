import { inspect } from 'node:util';
import { type CapabilitySet, createClient } from 'psutil-extra';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';

const root = new RecordedRoot();
const client = createClient({ threads: 1, procRoot: root.path });
let set: CapabilitySet;

beforeAll(async () => {
  // Chown, net_admin, checkpoint_restore, and one that no kernel has yet.
  const bits = (1n | (1n << 12n) | (1n << 40n) | (1n << 63n)).toString(16).padStart(16, '0');
  const lines = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => `${name}:\t${bits}\n`).join('');
  root.add(4321, { ...recorded(4321), status: recorded(4321).status + lines });
  set = (await client.capabilities(4321)).effective;
});

afterAll(async () => {
  await client.close();
  root[Symbol.dispose]();
});

test('has() takes a number, a name, and CAP_N for one without a name', () => {
  expect([0, 12, 40, 63, 1, 41].map((number) => set.has(number))).toEqual([true, true, true, true, false, false]);
  expect(['CAP_CHOWN', 'CAP_NET_ADMIN', 'CAP_63', 'CAP_KILL', 'CAP_62'].map((name) => set.has(name))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test.each(['net_admin', 'NET_ADMIN', 'CAP_NET_ADMN', 'CAP_64', ''])(
  'has(%j) throws: no capability has that name',
  (name) => {
    expect(() => set.has(name)).toThrow(TypeError);
    expect(() => set.has(name)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  },
);

test('a name that is nearly right is suggested', () => {
  expect(() => set.has('CAP_NET_ADMN')).toThrow(/CAP_NET_ADMIN/);
});

test('names() and JSON are the names in the order of the numbers', () => {
  const names = ['CAP_CHOWN', 'CAP_NET_ADMIN', 'CAP_CHECKPOINT_RESTORE', 'CAP_63'];
  expect(set.names()).toEqual(names);
  expect(JSON.parse(JSON.stringify(set))).toEqual(names);
  expect(inspect(set)).toContain('CAP_NET_ADMIN');
});

test('mask has a bit for each, bit 0 is CAP_CHOWN', () => {
  expect(set.mask).toBe(1n | (1n << 12n) | (1n << 40n) | (1n << 63n));
});

test('it is a Set of numbers: compared, cloned and spread as one', () => {
  expect(set).toBeInstanceOf(Set);
  expect(set).toEqual(new Set([0, 12, 40, 63]));
  expect(set).not.toEqual(new Set([0, 12, 40]));
  expect([...set]).toEqual([0, 12, 40, 63]);
  expect(structuredClone(set)).toEqual(new Set([0, 12, 40, 63]));
  expect(set.size).toBe(4);
});

test('it cannot be changed', () => {
  const changing = set as unknown as Set<number>;
  expect(() => changing.add(1)).toThrow(TypeError);
  expect(() => changing.delete(0)).toThrow(TypeError);
  expect(() => changing.clear()).toThrow(TypeError);
  expect(set.size).toBe(4);
});
