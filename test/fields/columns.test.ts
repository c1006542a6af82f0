import { createClient, FIELDS, type ProcessTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
let asleep: Spawned;
let python: Python;
let table: ProcessTable;
/** Rows: one with every value, and a zombie, of which several cannot be read. */
const [LIVING, ZOMBIE] = [0, 1];

beforeAll(async () => {
  asleep = await sleeper();
  python = await Python.start();
  const zombie = await python.run<number>('zombie()');
  await until('it is a zombie', () => stateOf(zombie) === 'Z');
  table = await client.scan({ fields: FIELDS, pids: [asleep.pid, zombie] });
  expect([...table.pids]).toEqual([asleep.pid, zombie]);
});
afterAll(async () => {
  asleep[Symbol.dispose]();
  python[Symbol.dispose]();
  await client.close();
});

test.each(['fdCount', 'nice', 'processor', 'oomScore', 'oomScoreAdj'] as const)('%s is an Int32Array', (field) => {
  expect(table.column(field)).toBeInstanceOf(Int32Array);
  expect(table.column(field)[LIVING]).toBe(table.at(LIVING)?.[field]);
});

describe.each([
  'cpuTimes',
  'memory',
  'memoryDetail',
  'memoryFootprint',
  'pageFaults',
  'contextSwitches',
  'io',
  'namespaces',
] as const)('%s', (field) => {
  test('is a Float64Array for each member', () => {
    const column = table.column(field);
    const row = table.at(LIVING)?.[field];
    expect(Object.keys(column)).toEqual(Object.keys(row ?? {}));
    for (const [name, member] of Object.entries(column)) {
      expect(member, name).toBeInstanceOf(Float64Array);
      expect(member, name).toHaveLength(2);
      expect(member[LIVING], name).toBe((row as Record<string, number>)[name]);
    }
  });

  test('has the validity of its rows', () => {
    expect(bits(table.validity(field))).toEqual([0, 1].map((row) => table.at(row)?.[field] !== null));
  });
});

test.each(['ioPriority', 'scheduler'] as const)('%s has texts and numbers by member', (field) => {
  const column = table.column(field);
  const made = Object.fromEntries(Object.entries(column).map(([name, member]) => [name, member[LIVING]]));
  expect(made).toEqual(table.at(LIVING)?.[field]);
  expect(Object.values(column).map(Array.isArray)).toEqual([true, false]);
});

test('cmdline is offsets and the texts of all rows; one that could not be read has none', () => {
  const { offsets, values } = table.column('cmdline');
  expect([...offsets]).toEqual([0, 2, 2]);
  expect(values).toEqual(['sleep', '300']);
  expect(bits(table.validity('cmdline'))).toEqual([true, false]);
});

test('affinity is offsets and numbers', () => {
  const { offsets, values } = table.column('affinity');
  expect(offsets).toBeInstanceOf(Uint32Array);
  expect([...values].slice(0, offsets[1])).toEqual(table.at(LIVING)?.affinity);
});

test.each(['fds', 'connections', 'threadList', 'memoryMaps'] as const)('%s is an array of arrays', (field) => {
  const column = table.column(field);
  expect(column).toHaveLength(2);
  expect(column[LIVING]).toEqual(table.at(LIVING)?.[field]);
  expect(Array.isArray(column[LIVING])).toBe(true);
});

test.each(['exe', 'cwd', 'environ', 'fds', 'memoryMaps'] as const)('%s of a zombie is null, and not valid', (field) => {
  expect(table.column(field)[ZOMBIE]).toBeNull();
  expect(bits(table.validity(field))).toEqual([true, false]);
});

test('texts and truth values are arrays', () => {
  const fields = [
    'exe',
    'exeDeleted',
    'cwd',
    'username',
    'terminal',
    'seccomp',
    'noNewPrivs',
    'cgroup',
    'wchan',
  ] as const;
  for (const field of fields) expect(table.column(field)[LIVING], field).toBe(table.at(LIVING)?.[field]);
});

test('capabilities are a BigUint64Array for each set', () => {
  const { effective, ...others } = table.column('capabilities');
  expect(effective).toBeInstanceOf(BigUint64Array);
  expect(effective[LIVING]).toBe(table.at(LIVING)?.capabilities?.effective.mask);
  expect(Object.keys(others).sort()).toEqual(['ambient', 'bounding', 'inheritable', 'permitted']);
});

test('loginuid is a Float64Array, in which NaN is none', () => {
  expect(table.column('loginuid')).toBeInstanceOf(Float64Array);
  const { loginuid } = table.at(LIVING) ?? {};
  expect(table.column('loginuid')[LIVING]).toBe(loginuid ?? Number.NaN);
});

test('a whole row is cloned, and is JSON', () => {
  const row = table.at(LIVING);
  expect(Object.keys(row ?? {})).toEqual(['pid', ...FIELDS]);
  expect(structuredClone(row)).toEqual(row);
  expect(JSON.parse(JSON.stringify(row))).toMatchObject({ pid: asleep.pid, cmdline: ['sleep', '300'] });
});

/** The first two bits of a bitmap. */
const bits = (bitmap: Uint8Array) => [0, 1].map((row) => (((bitmap[0] as number) >> row) & 1) === 1);
