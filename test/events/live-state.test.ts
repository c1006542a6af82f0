import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkClientOptions } from '../../packages/client/dist/api/client-options.js';
import { Runtime } from '../../packages/client/dist/api/runtime.js';
import { readProcesses } from '../../packages/client/dist/watch/live-reader.js';
import { LiveState } from '../../packages/client/dist/watch/live-state.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

/** How events are joined with a reading of every process, with events that are made here. */
let runtime: Runtime;
beforeAll(() => {
  runtime = new Runtime(checkClientOptions({ threads: 1 }));
});
afterAll(() => runtime.close());

const NOW = Date.now();
const event = (kind: RawEvent['kind'], pid: number, more: Partial<RawEvent> = {}): RawEvent => ({
  kind,
  pid,
  value: 0,
  time: NOW + 1e6,
  start: Number.NaN,
  name: '',
  path: '',
  ...more,
});

function stateWith(log: unknown[] = []) {
  return new LiveState((fields, pids) => readProcesses(runtime, fields, pids), ['name', 'ppid', 'startTime'], {
    changed: (started, ended) => log.push({ started, ended }),
    resynced: () => log.push('resync'),
    failed: (error) => log.push(error),
  });
}

describe('events that come while every process is read', () => {
  test('of a process that has been read change nothing but its name', async () => {
    using process = await sleeper();
    const state = stateWith();
    const begun = state.begin('bpf');
    const { startTime } = (await runtime.snapshots.get(process.pid, { fields: ['startTime'] })) as {
      startTime: number;
    };
    state.received([
      event(EventKind.fork, process.pid, { start: startTime, value: 1, name: 'sh' }),
      event(EventKind.exec, process.pid, { name: 'sleep' }),
    ]);
    await begun;
    expect(state.rows.row(process.pid)).toMatchObject({ name: 'sleep', ppid: globalThis.process.pid, startTime });
    state.close();
  });

  test('of an earlier process with the same number are not applied to this one', async () => {
    using process = await sleeper();
    const state = stateWith();
    const begun = state.begin('bpf');
    const before = { start: NOW - 1e9, time: NOW - 1e9 };
    state.received([
      event(EventKind.fork, process.pid, { ...before, name: 'old' }),
      event(EventKind.exec, process.pid, { ...before, name: 'older' }),
      event(EventKind.exit, process.pid, before),
    ]);
    await begun;
    expect(state.rows.row(process.pid)).toMatchObject({ name: 'sleep' });
    state.close();
  });

  test('remove a process that was read and has ended since', async () => {
    using process = await sleeper();
    const state = stateWith();
    const begun = state.begin('bpf');
    state.received([event(EventKind.exit, process.pid)]);
    await begun;
    expect(state.rows.has(process.pid)).toBe(false);
    state.close();
  });

  test('add one that was not read', async () => {
    const state = stateWith();
    const begun = state.begin('bpf');
    state.received([event(EventKind.fork, UNUSED_PID, { value: 1, name: 'new', start: NOW })]);
    await begun;
    expect(state.rows.row(UNUSED_PID)).toEqual({ pid: UNUSED_PID, name: 'new', ppid: 1, startTime: NOW });
    state.close();
  });
});

test('after lost events everything is read again, and what has changed is reported', async () => {
  using process = await sleeper();
  const log: unknown[] = [];
  const state = stateWith(log);
  await state.begin('bpf');
  state.received([
    event(EventKind.fork, UNUSED_PID, { value: 1, name: 'gone', start: NOW }),
    event(EventKind.exit, process.pid),
  ]);
  expect(log.splice(0)).toEqual([{ started: [UNUSED_PID], ended: [process.pid] }]);
  state.received([event(EventKind.lost, 0, { value: 7 })]);
  await until('it is read again', () => log.includes('resync'));
  expect(log[0]).toMatchObject({
    started: expect.arrayContaining([process.pid]),
    ended: expect.arrayContaining([UNUSED_PID]),
  });
  expect(state.rows.has(UNUSED_PID)).toBe(false);
  expect(state.rows.row(process.pid)).toMatchObject({ name: 'sleep' });
  state.close();
});

test('a process has the program of its parent until it executes another', async () => {
  const state = stateWith();
  await state.begin('bpf');
  state.received([
    event(EventKind.fork, UNUSED_PID, { value: 1, name: 'first', start: NOW }),
    event(EventKind.fork, UNUSED_PID + 1, { value: UNUSED_PID, name: 'first', start: NOW }),
  ]);
  expect(state.rows.children(UNUSED_PID)).toEqual([UNUSED_PID + 1]);
  state.received([event(EventKind.rename, UNUSED_PID + 1, { name: 'second' })]);
  expect(state.rows.row(UNUSED_PID + 1)).toMatchObject({ name: 'second', ppid: UNUSED_PID });
  state.received([event(EventKind.exit, UNUSED_PID), event(EventKind.exit, UNUSED_PID + 1)]);
  expect([state.rows.has(UNUSED_PID), state.rows.has(UNUSED_PID + 1)]).toEqual([false, false]);
  state.close();
});

test('a process that takes the empty name has that name', async () => {
  const state = stateWith();
  await state.begin('bpf');
  const started = { value: 1, start: NOW, time: NOW };
  state.received([
    event(EventKind.fork, UNUSED_PID, { ...started, name: 'named' }),
    event(EventKind.rename, UNUSED_PID),
    event(EventKind.fork, UNUSED_PID + 1, { ...started, value: UNUSED_PID }),
  ]);
  expect([state.rows.row(UNUSED_PID)?.name, state.rows.row(UNUSED_PID + 1)?.name]).toEqual(['', '']);
  state.close();
});

test('a process that takes another name while it is read again has that name', async () => {
  const read: { names: string[]; end: (name: string) => void }[] = [];
  const state = new LiveState(
    (names, pids) =>
      pids === undefined
        ? Promise.resolve([])
        : new Promise((resolve) => {
            const end = (name: string) => resolve([{ pid: UNUSED_PID, values: { name, ppid: 1, startTime: NOW } }]);
            read.push({ names: [...names], end });
          }),
    ['name', 'ppid', 'startTime'],
    { changed: () => {}, resynced: () => {}, failed: (error) => expect.fail(error.message) },
  );
  await state.begin('netlink');
  state.received([event(EventKind.fork, UNUSED_PID, { value: 1, time: NOW })]);
  await until('it is read', () => read.length === 1);
  state.received([event(EventKind.rename, UNUSED_PID, { name: 'later' })]);
  read[0]?.end('earlier');
  await until('it is read once more', () => read.length === 2);
  expect(state.rows.row(UNUSED_PID)).toMatchObject({ name: 'later' });
  read[1]?.end('later');
  state.close();
});

describe.each(['bpf', 'netlink'])('by %s, a process whose start the kernel has not reported', (source) => {
  const heard = async (...events: RawEvent[]) => {
    const log: unknown[] = [];
    const state = new LiveState(
      (names, pids = []) => Promise.resolve(Array.from(pids, (pid) => ({ pid, values: readingOf(pid, names) }))),
      ['name', 'ppid', 'startTime'],
      {
        changed: (started, ended) => log.push({ started, ended }),
        resynced: () => {},
        failed: (error) => expect.fail(error.message),
      },
    );
    await state.begin(source);
    state.received(events);
    return { state, log };
  };

  test('is in the table once it executes a program', async () => {
    const { state, log } = await heard(event(EventKind.exec, UNUSED_PID, { name: 'early' }));
    await until('it is read', () => state.rows.has(UNUSED_PID));
    expect(state.rows.row(UNUSED_PID)).toEqual({ pid: UNUSED_PID, name: 'read', ppid: 1, startTime: NOW });
    expect(log).toEqual([{ started: [UNUSED_PID], ended: [] }]);
    state.close();
  });

  test('is in the table once it starts another', async () => {
    const { state } = await heard(
      event(EventKind.fork, UNUSED_PID + 1, { value: UNUSED_PID, name: 'child', time: NOW }),
    );
    await until('its parent is read', () => state.rows.has(UNUSED_PID));
    expect(state.rows.children(UNUSED_PID)).toEqual([UNUSED_PID + 1]);
    state.close();
  });

  test('is not in the table if it has ended before it was read', async () => {
    const later = event(EventKind.exec, UNUSED_PID + 1, { name: 'later' });
    const { state, log } = await heard(
      event(EventKind.exec, UNUSED_PID, { name: 'early' }),
      event(EventKind.exit, UNUSED_PID),
      later,
    );
    await until('the other one is read', () => state.rows.has(UNUSED_PID + 1));
    expect(log).toEqual([{ started: [UNUSED_PID + 1], ended: [] }]);
    expect(state.rows.has(UNUSED_PID)).toBe(false);
    state.close();
  });

  test('begins once, if its start is reported after all', async () => {
    const { state, log } = await heard(event(EventKind.exec, UNUSED_PID, { name: 'early' }));
    await until('it is read', () => state.rows.has(UNUSED_PID));
    const start = source === 'bpf' ? { start: NOW } : {};
    state.received([event(EventKind.fork, UNUSED_PID, { value: 1, time: NOW + 5, ...start })]);
    expect(log).toEqual([{ started: [UNUSED_PID], ended: [] }]);
    state.close();
  });
});

function readingOf(pid: number, names: readonly string[]) {
  const always = { ppid: pid === UNUSED_PID ? 1 : UNUSED_PID, startTime: NOW };
  return names.includes('name') ? { name: 'read', ...always } : always;
}
