import { readFileSync } from 'node:fs';
import { createClient, FIELDS, type FieldValues } from 'psutil-extra';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { statOf, statusLine } from '../processes/proc.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const KTHREADD = 2;
beforeEach(({ skip }) => skip(...lacking.kernelThread));

/** What a thread of the kernel has where a process has memory, a program and files. */
const EXPECTED: Partial<FieldValues> = {
  cmdline: [],
  environ: {},
  fds: [],
  connections: [],
  memoryMaps: [],
  exe: null,
  exeDeleted: null,
  terminal: null,
  memoryDetail: null,
  memoryFootprint: null,
  cwd: '/',
  fdCount: 0,
  username: 'root',
  seccomp: 'disabled',
  noNewPrivs: false,
};

test.for(Object.entries(EXPECTED))(
  'a kernel thread’s %s is %j, by a call, a snapshot and a scan',
  async ([name, value]) => {
    const field = name as keyof FieldValues;
    expect(await client[field](KTHREADD)).toEqual(value);
    expect(await client.snapshot(KTHREADD, { fields: [field], fallback: 'missing' })).toEqual({
      pid: 2,
      [field]: value,
    });
    for (const pids of [[KTHREADD], undefined]) {
      const table = await client.scan({ fields: [field], ...(pids && { pids }) });
      expect(table.get(KTHREADD)).toEqual({ pid: KTHREADD, [field]: value });
      expect(table.error(KTHREADD, field)).toBeUndefined();
    }
  },
);

test('elsewhere it has the kernel’s own values', async () => {
  const memory = readFileSync(`/proc/${KTHREADD}/statm`, 'utf8').split(' ').map(Number);
  expect(memory.slice(0, 2)).toEqual([0, 0]);
  expect(await client.memory(KTHREADD)).toMatchObject({ rss: 0, vms: 0 });
  expect(await client.nice(KTHREADD)).toBe(Number(statOf(KTHREADD)?.[16]));
  expect((await client.capabilities(KTHREADD)).effective.mask).toBe(BigInt(`0x${statusLine(KTHREADD, 'CapEff')}`));
  expect(await client.threadList(KTHREADD)).toMatchObject([{ tid: KTHREADD, name: 'kthreadd' }]);
  expect(await client.wchan(KTHREADD)).toMatch(/./);
  expect(Object.keys(await client.namespaces(KTHREADD))).toContain('pid');
});

test('no field of any kernel thread is an error', async () => {
  const table = await client.scan({ fields: FIELDS });
  const kernel = table.filter(({ pid, ppid }) => pid === KTHREADD || ppid === KTHREADD);
  expect(kernel.length).toBeGreaterThan(10);
  for (const { pid } of kernel) {
    for (const field of FIELDS) expect(table.error(pid, field), `${field} of ${pid}`).toBeUndefined();
  }
});
