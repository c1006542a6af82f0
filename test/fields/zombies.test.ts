import { createClient, FIELDS, type Field, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ps, startTicks, stateOf, statOf, statusLine } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

let python: Python;
let pid: number;
beforeAll(async () => {
  python = await Python.start();
  pid = await python.run<number>('zombie()');
  await until('it is a zombie', () => stateOf(pid) === 'Z');
});
afterAll(() => python[Symbol.dispose]());

const LOST = ['exe', 'cmdline', 'environ', 'cwd', 'fds', 'memoryMaps'] as const;

test.each(LOST)(
  '%s is a ZombieProcessError, by a call, a oneshot and a scan, and a snapshot’s fallback',
  async (field) => {
    const expected = { code: 'ESRCH', pid, message: expect.stringContaining(String(pid)) };
    const reads = [() => client[field](pid), () => client.oneshot(pid, (scope): Promise<unknown> => scope[field]())];
    for (const read of reads) {
      const error = await rejection(read());
      expect(error).toBeInstanceOf(ZombieProcessError);
      expect(error).toMatchObject(expected);
    }
    expect(await client.snapshot(pid, { fields: [field], fallback: 'lost' })).toEqual({ pid, [field]: 'lost' });
    for (const pids of [[pid], undefined]) {
      const table = await client.scan({ fields: [field], ...(pids && { pids }) });
      expect(table.get(pid)).toEqual({ pid, [field]: null });
      expect(table.error(pid, field)).toBeInstanceOf(ZombieProcessError);
    }
  },
);

test.each(FIELDS)('%s is a value or a ZombieProcessError', async (field) => {
  const [call] = await Promise.allSettled([client[field](pid)] as Promise<unknown>[]);
  const scan = await client.scan({ fields: [field], pids: [pid] });
  if (call?.status === 'rejected') {
    expect(call.reason).toBeInstanceOf(ZombieProcessError);
    expect(scan.error(pid, field)).toBeInstanceOf(ZombieProcessError);
  } else {
    expect(scan.error(pid, field)).toBeUndefined();
    expect(scan.get(pid)).toEqual({ pid, [field]: call?.value });
  }
});

test('what the kernel keeps of it is there', async () => {
  const KEPT: Field[] = ['name', 'ppid', 'state', 'uids', 'pgid', 'sid', 'startTime', 'cpuTimes', 'pageFaults', 'nice'];
  const kept = await client.snapshot(pid, { fields: KEPT });
  expect(kept).toMatchObject({ ppid: python.pid, state: 'zombie', nice: Number(statOf(pid)?.[16]) });
  expect(kept.name).toBe(statusLine(pid, 'Name'));
  expect(await client.username(pid)).toBe(ps(pid, 'user')[0]);
  expect(Object.values(kept)).not.toContain(null);
});

test('client.process() works, and its Process runs no program but is not gone', async () => {
  const held = await client.process(pid);
  expect(held.pid).toBe(pid);
  expect(held.startTime % 1000).toBeCloseTo((startTicks(pid) * 10) % 1000, 6);
  expect(await held.state()).toBe('zombie');
  expect(await rejection(held.exe())).toBeInstanceOf(ZombieProcessError);
});
