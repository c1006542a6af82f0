import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createClient } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { commOf, ps, startTicks, statusLine } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';
import { Spawned } from '../processes/spawned.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

describe.each([
  ['a process of its own session', ['setsid']],
  ['a process in the group of its parent', []],
])('of %s', (_, wrapper) => {
  test('pgid and sid are what ps prints', async () => {
    using process = await sleeper(wrapper);
    const [pgid, sid] = ps(process.pid, 'pgid', 'sid').map(Number);
    expect(await client.pgid(process.pid)).toBe(pgid);
    expect(await client.sid(process.pid)).toBe(sid);
  });

  test('ppid, threads and name are what ps prints', async () => {
    using process = await sleeper(wrapper);
    const [ppid, nlwp, comm] = ps(process.pid, 'ppid', 'nlwp', 'comm');
    expect(await client.ppid(process.pid)).toBe(Number(ppid));
    expect(await client.threads(process.pid)).toBe(Number(nlwp));
    expect(await client.name(process.pid)).toBe(comm);
  });
});

test('a process that leads its session is its own group and session', async () => {
  using leader = await sleeper(['setsid']);
  expect(await client.pgid(leader.pid)).toBe(leader.pid);
  expect(await client.sid(leader.pid)).toBe(leader.pid);
});

test('pgid follows the process into another group', async () => {
  using python = await Python.start();
  expect(await client.pgid(python.pid)).toBe(await python.run('os.getpgrp()'));
  await python.run('os.setpgid(0, 0)');
  expect(await client.pgid(python.pid)).toBe(python.pid);
});

test('threads counts them as they start', async () => {
  using python = await Python.start();
  expect(await client.threads(python.pid)).toBe(1);
  await python.run('thread()');
  await python.run('thread()');
  expect(await client.threads(python.pid)).toBe(3);
});

test('ppid becomes that of the adopting process when the parent ends', async () => {
  using parent = new Spawned(['sh', '-c', 'sleep 300 >/dev/null & echo $!; read line'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.child.stdout as Readable, 'data')) as [Buffer];
  const orphan = Number(line.toString());
  try {
    expect(await client.ppid(orphan)).toBe(parent.pid);
    await parent.end();
    expect(await client.ppid(orphan)).toBe(Number(ps(orphan, 'ppid')[0]));
    expect(await client.ppid(orphan)).not.toBe(parent.pid);
  } finally {
    process.kill(orphan, 'SIGKILL');
  }
});

test('startTime is that of ps, which prints whole seconds', async () => {
  using process = await sleeper();
  const started = Date.parse(
    execFileSync('ps', ['-o', 'lstart=', '-p', String(process.pid)], {
      encoding: 'utf8',
      env: { ...globalThis.process.env, LC_ALL: 'C' },
    }),
  );
  expect(Math.abs((await client.startTime(process.pid)) - started)).toBeLessThan(2000);
});

test('startTime is finer than seconds: two processes differ by as many ticks as the kernel says', async () => {
  using first = await sleeper();
  using second = await sleeper();
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const apart = (await client.startTime(second.pid)) - (await client.startTime(first.pid));
  expect(apart).toBeCloseTo(((startTicks(second.pid) - startTicks(first.pid)) * 1000) / ticks, 3);
});

test('startTime is the same at each call', async () => {
  expect(await client.startTime(process.pid)).toBe(await client.startTime(process.pid));
});

test('uids and gids are the real, effective and saved ones', async ({ skip }) => {
  skip(...lacking.root);
  using python = await Python.start();
  await python.run('os.setresgid(301, 302, 303)');
  await python.run('os.setresuid(201, 202, 203)');
  expect(await client.uids(python.pid)).toEqual({ real: 201, effective: 202, saved: 203 });
  expect(await client.gids(python.pid)).toEqual({ real: 301, effective: 302, saved: 303 });
  expect(ps(python.pid, 'ruid', 'euid', 'suid').map(Number)).toEqual([201, 202, 203]);
});

test('every field of a kernel thread is what ps and procfs report', async ({ skip }) => {
  skip(...lacking.kernelThread);
  const fields = ['name', 'ppid', 'state', 'groups', 'umask', 'sigmasks', 'pgid', 'sid', 'threads', 'rlimits'] as const;
  const kernel = await client.snapshot(2, { fields });
  expect(kernel).toMatchObject({ name: commOf(2), ppid: 0, groups: [], pgid: 0, sid: 0, threads: 1 });
  expect(kernel.umask).toBe(Number.parseInt(statusLine(2, 'Umask') ?? '', 8));
  expect(kernel.sigmasks?.ignored?.mask).toBe(0xffff_ffff_ffff_ffffn);
});
