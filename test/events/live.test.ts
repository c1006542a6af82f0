import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Client, createClient, type LiveTable, NotSupportedError } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking as abilities } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { CompiledProgram } from '../processes/compiled-program.js';
import { runNode } from '../processes/node.js';
import { rejection } from '../processes/rejection.js';
import { until } from '../processes/until.js';
import { noEvents, SOURCES } from './sources.js';

let threaded: CompiledProgram;
beforeAll(() => {
  threaded = new CompiledProgram(new URL('threaded.c', import.meta.url));
});
afterAll(() => threaded?.[Symbol.dispose]());

class Started implements Disposable {
  readonly child: ChildProcess;
  readonly pid: number;

  constructor(program: string, ...args: string[]) {
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.pid = this.child.pid as number;
  }

  async line(): Promise<string> {
    const [data] = await once(this.child.stdout as NonNullable<typeof this.child.stdout>, 'data');
    return String(data).trim();
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
  }
}

const FIELDS = ['name', 'ppid', 'startTime', 'exe', 'cmdline'] as const;

/** Resolves when the row of a process is what its fields are now. */
async function current(live: LiveTable, client: Client, pid: number): Promise<object> {
  return await until(`the row of ${pid} is current`, async () => {
    const row = live.get(pid);
    const now = await client.snapshot(pid, { fields: FIELDS });
    return JSON.stringify(row) === JSON.stringify(now) ? row : undefined;
  });
}

describe.each(SOURCES)('a live table by $name', ({ options, lacking }) => {
  test('has none of the processes that had one number by turns while it was opened', async ({ skip }) => {
    skip(...lacking);
    skip(...abilities.reuseOfPid);
    await using client = createClient(options);
    for (let round = 0; round < 5; round++) {
      using reused = new Compiled('reused.c');
      const pid = Number(await reused.line('churn'));
      await using live = await client.live({ fields: ['name', 'ppid', 'startTime'] });
      reused[Symbol.dispose]();
      await until(`${pid} has ended`, () => !live.has(pid));
    }
  });

  test('has the processes that run when it is opened', async ({ skip }) => {
    skip(...lacking);
    using spawned = new Started('/bin/cat');
    await using client = createClient(options);
    await until('it runs cat', async () => (await client.name(spawned.pid)) === 'cat');
    await using live = await client.live();
    expect(live.has(spawned.pid)).toBe(true);
    expect(live.get(spawned.pid)).toEqual(await client.snapshot(spawned.pid, { fields: FIELDS }));
    expect(live.children(process.pid).map(({ pid }) => pid)).toContain(spawned.pid);
    expect(live.size).toBe([...live].length);
    expect(live.get(2 ** 22 + 1)).toBeUndefined();
  });

  test('gets a process that begins, with the program that it executes, and loses it when it ends', async ({ skip }) => {
    skip(...lacking);
    await using client = createClient(options);
    await using live = await client.live();
    const started: number[] = [];
    const ended: number[] = [];
    live.on('change', (change) => {
      started.push(...change.started);
      ended.push(...change.ended);
    });
    using spawned = new Started('/bin/cat', '-u');
    await until('it is there', () => live.has(spawned.pid));
    expect(await current(live, client, spawned.pid)).toMatchObject({
      pid: spawned.pid,
      name: 'cat',
      ppid: process.pid,
      cmdline: ['/bin/cat', '-u'],
    });
    spawned.child.kill('SIGKILL');
    await until('it is gone', () => !live.has(spawned.pid));
    expect(live.get(spawned.pid)).toBeUndefined();
    expect(live.children(process.pid).map(({ pid }) => pid)).not.toContain(spawned.pid);
    expect(started).toContain(spawned.pid);
    expect(ended).toContain(spawned.pid);
  });

  test('has a new program in a new row, and the old row as it was', async ({ skip }) => {
    skip(...lacking);
    await using client = createClient(options);
    using spawned = new Started('/bin/sh', '-c', 'read _; exec cat');
    await until('it runs sh', async () => (await client.name(spawned.pid)) === 'sh');
    await using live = await client.live({ fields: ['name', 'cmdline'] });
    const before = live.get(spawned.pid);
    spawned.child.stdin?.write('\n');
    await until('it runs cat', () => live.get(spawned.pid)?.cmdline?.[0] === 'cat');
    expect(live.get(spawned.pid)).toEqual({ pid: spawned.pid, name: 'cat', cmdline: ['cat'] });
    expect(before).toEqual({ pid: spawned.pid, name: 'sh', cmdline: ['/bin/sh', '-c', 'read _; exec cat'] });
    expect(Object.isFrozen(before)).toBe(true);
  });

  test('has the name that a process gives itself', async ({ skip }) => {
    skip(...lacking);
    await using client = createClient(options);
    await using live = await client.live({ fields: ['name'] });
    using spawned = new Started(threaded.path, 'rename');
    expect(await spawned.line()).toBe('renamed');
    await until('it is renamed', () => live.get(spawned.pid)?.name === 'renamed');
  });

  test('has the new parent of a process whose parent has ended', async ({ skip }) => {
    skip(...lacking);
    await using client = createClient(options);
    await using live = await client.live({ fields: ['ppid'] });
    using parent = new Started(threaded.path, 'orphan');
    const child = Number(await parent.line());
    await until('the child is there', () => live.get(child)?.ppid === parent.pid);
    expect(live.children(parent.pid)).toEqual([{ pid: child, ppid: parent.pid }]);
    await once(parent.child, 'exit');
    const ppid = await client.ppid(child);
    expect(ppid).not.toBe(parent.pid);
    await until('it has another parent', () => live.get(child)?.ppid === ppid);
    expect(live.children(ppid).map(({ pid }) => pid)).toContain(child);
    expect(live.children(parent.pid)).toEqual([]);
    process.kill(child, 'SIGKILL');
  });
});

describe('a live table', () => {
  test.each([
    [{ fields: ['umask'] }, 'ERR_INVALID_ARG_VALUE', /name, ppid, startTime, exe, cmdline/],
    [{ fields: ['nam'] }, 'ERR_INVALID_ARG_VALUE', /'name'/],
    [{ fields: 5 }, 'ERR_INVALID_ARG_TYPE', /options\.fields/],
    [{ field: [] }, 'ERR_INVALID_ARG_VALUE', /fields/],
  ])('refuses the options %o', async (options, code, message) => {
    await using client = createClient({ threads: 1 });
    const error = await rejection(client.live(options as object));
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(message);
  });

  test('compares listings where the kernel reports no events and the caller allows it', async () => {
    await using client = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
    expect(await rejection(client.live())).toBeInstanceOf(NotSupportedError);
    await using live = await client.live({ fields: ['name'], poll: 20 });
    using spawned = new Started('/bin/cat');
    await until('it is there', () => live.get(spawned.pid)?.name === 'cat');
    spawned.child.kill('SIGKILL');
    await until('it is gone', () => !live.has(spawned.pid));
  });

  test('does not keep the program alive', async ({ skip }) => {
    skip(...noEvents);
    const ended = await runNode(`import { createClient } from 'psutil-extra';
      const live = await createClient({ threads: 1 }).live();
      console.log(live.has(process.pid));`);
    expect(ended).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
  });

  test('keeps what it has when it is closed', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    const live = await client.live({ fields: ['name'] });
    await live.close();
    using spawned = new Started('/bin/cat');
    expect(live.has(process.pid)).toBe(true);
    await client.pids();
    expect(live.has(spawned.pid)).toBe(false);
  });

  test('says when its thread has died', async ({ skip }) => {
    skip(...noEvents);
    await using client = createClient({ threads: 1 });
    await client.pids();
    let worker: import('node:worker_threads').Worker | undefined;
    const collect = (each: import('node:worker_threads').Worker) => {
      worker = each;
    };
    process.on('worker', collect);
    const live = await client.live();
    process.off('worker', collect);
    const failed = once(live, 'error');
    await worker?.terminate();
    expect((await failed)[0]).toMatchObject({ code: 'ERR_WORKER_DIED' });
  });
});
