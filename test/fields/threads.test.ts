import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createClient, FIELDS, NoSuchProcessError, ZombieProcessError } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { Compiled } from '../processes/compiled.js';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('the number of a thread is no process: each field is a NoSuchProcessError', async () => {
  using python = await Python.start();
  const tid = await python.run<number>('thread()');
  for (const field of FIELDS) {
    const error = await rejection(client[field](tid) as Promise<unknown>);
    expect(error, field).toBeInstanceOf(NoSuchProcessError);
    expect(error, field).not.toBeInstanceOf(ZombieProcessError);
    expect(error, field).toMatchObject({ code: 'ESRCH', pid: tid });
  }
  expect(await rejection(client.process(tid))).toBeInstanceOf(NoSuchProcessError);
  expect((await client.scan({ pids: [tid], fields: FIELDS })).length).toBe(0);
});

test('the fields of a process whose main thread has ended come from a living thread, and none is an error', async () => {
  using leaderless = new Compiled('leaderless.c');
  const { pid } = leaderless;
  await leaderless.line();
  await until('its main thread has ended', () => stateOf(pid) === 'Z');
  const tid = readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .find((each) => each !== pid);
  const at = (name: string) => `/proc/${pid}/task/${tid}/${name}`;
  const expected = {
    exe: readlinkSync(at('exe')),
    exeDeleted: false,
    cwd: readlinkSync(at('cwd')),
    cmdline: readFileSync(at('cmdline'), 'utf8').split('\0').slice(0, -1),
    fdCount: readdirSync(at('fd')).length,
    memory: { vms: Number(readFileSync(at('statm'), 'utf8').split(' ')[0]) * PAGE },
    noNewPrivs: /^NoNewPrivs:\s*1$/m.test(readFileSync(at('status'), 'utf8')),
  };
  const scans = [await client.scan({ fields: FIELDS, pids: [pid] }), await client.scan({ fields: FIELDS })];
  for (const row of [await client.snapshot(pid, { fields: FIELDS }), ...scans.map((table) => table.get(pid))]) {
    expect(row).toMatchObject(expected);
    expect(row?.fds?.map(({ fd }) => fd)).toEqual(readdirSync(at('fd')).map(Number));
    expect(row?.memoryMaps?.length).toBeGreaterThan(5);
    expect(row?.memoryFootprint?.uss).toBeGreaterThan(0);
    expect(row?.memoryDetail?.peakRss).toBeGreaterThan(0);
    expect(row?.threadList?.map((thread) => thread.tid)).toEqual(readdirSync(`/proc/${pid}/task`).map(Number));
    expect(Object.keys(row?.environ ?? {})).toContain('PATH');
    expect(row?.namespaces?.pid).toBeGreaterThan(0);
  }
  for (const table of scans) for (const field of FIELDS) expect(table.error(pid, field), field).toBeUndefined();
});

const PAGE = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
