import * as native from '@psutil-extra/native';
import * as protocol from '@psutil-extra/native/protocol';
import { constants, createClient, FIELDS, type ProcessTable, type SignalSet } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';

/** The caller may change what is returned; no other caller and no later call may see the change. */
const client = createClient({ threads: 1 });
let other: Spawned;
beforeAll(async () => {
  other = await sleeper(['prlimit', '--core=77:88']);
});
afterAll(async () => {
  other[Symbol.dispose]();
  await client.close();
});

/** Changes everything that can be changed in a value, however deep; what cannot be changed throws, and stays. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    const numbers = value as Int32Array | BigUint64Array;
    numbers.fill((numbers instanceof BigUint64Array ? 5n : 5) as never);
    return;
  }
  for (const key of Reflect.ownKeys(value)) {
    if (key === 'length') continue;
    spoil(Reflect.get(value, key));
    Reflect.set(value, key, 'spoilt');
    Reflect.deleteProperty(value, key);
  }
  for (const key of ['spoilt', 'has', 'names', 'toJSON', 0]) Reflect.set(value, key, () => 'spoilt');
}

/** As text, so that the comparison does not share objects with the changed value. */
const shown = (value: unknown) =>
  JSON.stringify(value, (_, each) => {
    if (typeof each === 'bigint') return String(each);
    return ArrayBuffer.isView(each) ? Array.from(each as Int32Array, String) : each;
  });

function scan(): Promise<ProcessTable> {
  return client.scan({ fields: FIELDS, pids: [other.pid, process.pid, 1] });
}

/** All that a table has, except states, which may differ between two tables. */
function contentOf(table: ProcessTable): string {
  return shown(table.toJSON().map((row) => ({ ...row, state: undefined })));
}

describe('a table', () => {
  let table: ProcessTable;
  beforeAll(async () => {
    table = await scan();
  });

  test('keeps its PIDs in order when a caller sorts the array that it returned', () => {
    const before = contentOf(table);
    table.pids.sort();
    table.pids.fill(0);
    expect([other.pid, process.pid, 1].map((pid) => table.get(pid)?.pid)).toEqual([other.pid, process.pid, 1]);
    expect(table.get(1)?.ppid).toBe(0);
    expect(table.error(other.pid, 'umask')).toBe(undefined);
    expect([...table].map(({ pid }) => pid)).toEqual([other.pid, process.pid, 1]);
    expect(contentOf(table)).toBe(before);
  });

  test('finds none of the PIDs that a caller wrote over its own', async () => {
    const another = await scan();
    another.pids.fill(UNUSED_PID);
    expect(another.get(UNUSED_PID)).toBe(undefined);
    expect(another.get(other.pid)?.pid).toBe(other.pid);
  });

  test.each(FIELDS.map((field) => [field]))(
    'has its column of %s again, whatever became of the one handed out',
    (field) => {
      const before = shown(table.column(field));
      spoil(table.column(field));
      expect(shown(table.column(field))).toBe(before);
    },
  );

  test.each(FIELDS.map((field) => [field]))(
    'has the %s of a row again, whatever became of the value handed out',
    (field) => {
      const before = shown(table.get(other.pid)?.[field]);
      spoil(table.get(other.pid)?.[field]);
      expect(shown(table.get(other.pid)?.[field])).toBe(before);
    },
  );

  test('keeps its fields to itself: another table of the same has them too', async () => {
    const before = contentOf(table);
    expect(() => (table.fields as string[]).sort()).toThrow(TypeError);
    expect(() => (table.fields as string[]).push('more')).toThrow(TypeError);
    expect(contentOf(table)).toBe(before);
    expect((await scan()).get(1)).toHaveProperty('rlimits');
  });

  test('has its rows, though its own properties were written over', async () => {
    const another = await scan();
    const before = contentOf(another);
    Object.assign(another, { length: 0, fields: [] });
    expect(contentOf(another)).toBe(before);
    expect(another.get(1)?.pid).toBe(1);
    expect(another.column('ppid')).toHaveLength(3);
  });
});

describe('what a oneshot scope has read', () => {
  test.each(FIELDS.map((field) => [field]))('of %s is the same after the returned value was changed', async (field) => {
    await client.oneshot(other.pid, async (p) => {
      const before = shown(await p[field]());
      spoil(await p[field]());
      expect(shown(await p[field]())).toBe(before);
      spoil(await p.snapshot({ fields: [field] }));
      expect(shown(await p[field]())).toBe(before);
    });
  });

  test('of limits as bigints is the same again', async () => {
    await client.oneshot(other.pid, async (p) => {
      spoil(await p.rlimits({ bigint: true }));
      expect((await p.rlimits({ bigint: true })).RLIMIT_CORE).toEqual({ soft: 77n, hard: 88n });
    });
  });
});

test('calls that share a read do not share their results', async () => {
  const [first, second] = await Promise.all([client.snapshot(other.pid), client.snapshot(other.pid)]);
  const before = shown(second);
  spoil(first);
  expect(shown(second)).toBe(before);
  const [one, another] = await Promise.all(
    [UNUSED_PID, UNUSED_PID].map((pid) => client.umask(pid).catch((error) => error)),
  );
  expect(one).not.toBe(another);
});

test('a set of signals cannot be changed: all processes with the same signals share it', async () => {
  const { ignored } = (await client.sigmasks(other.pid)) as { ignored: SignalSet };
  const before = [...ignored];
  expect(Object.isFrozen(ignored)).toBe(true);
  expect(() => Object.assign(ignored, { has: () => true })).toThrow(TypeError);
  ignored.names().push('SIGKILL');
  expect([...ignored]).toEqual(before);
});

test('stats() returns a copy, which does not change the client’s counters', async () => {
  const stats = client.stats();
  spoil(stats.reads);
  expect(client.stats().reads['status']).toBeTypeOf('number');
});

test('the PIDs of one call are not those of another', async () => {
  (await client.pids()).fill(0);
  expect(await client.pids()).toContain(process.pid);
});

test.each<[string, object]>([
  ['FIELDS', FIELDS],
  ['constants', constants],
  ['FIELDS of native', protocol.FIELDS],
  ['each of them', protocol.FIELDS[0]],
  ['STATES', protocol.STATES],
  ['FIELD_INDEX', protocol.FIELD_INDEX],
  ['ReadFlag', protocol.ReadFlag],
  ['FailureKind', protocol.FailureKind],
  ['the capabilities', native.loadAddon().capabilities],
  ['its sources', native.loadAddon().capabilities.sources],
  ['its signals', native.loadAddon().capabilities.signals],
  ['one of its signals', native.loadAddon().capabilities.signals[0] as object],
  ['the fields of the addon', native.loadAddon().fields],
])('%s are one for the whole program, and frozen', (_, shared) => {
  expect(Object.isFrozen(shared)).toBe(true);
});
