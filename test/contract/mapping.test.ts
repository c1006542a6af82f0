import { createClient, Process } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prlimit, ps } from '../processes/proc.js';
import { Python } from '../processes/python.js';

/** What psutil-extra for Python has, function by function, and what stands here in its place. */
describe('in place of', () => {
  const client = createClient({ threads: 1 });
  let python: Python;
  let proc: number;
  beforeEach(async () => {
    python = await Python.start(['prlimit', '--nofile=512:1024']);
    proc = python.pid;
  });
  afterEach(() => python[Symbol.dispose]());
  afterAll(() => client.close());

  test('oneshot_proc(pid) is client.oneshot(pid)', async () => {
    await python.run('os.umask(0o012)');
    await using scope = await client.oneshot(proc);
    await scope.umask();
    await python.run('os.umask(0o022)');
    expect(await scope.umask()).toBe(0o012);
  });

  test('with oneshot_proc(pid): is client.oneshot(pid, fn)', async () => {
    await python.run('os.umask(0o012)');
    const both = await client.oneshot(proc, async (scope) => [await scope.umask(), await client.umask(proc)]);
    expect(both).toEqual([0o012, 0o012]);
  });

  test('proc_get_umask(proc) is client.umask(proc)', async () => {
    await python.run('os.umask(0o045)');
    expect(await client.umask(proc)).toBe(0o045);
  });

  test('proc_getgroups(proc) is client.groups(proc)', async () => {
    expect(await client.groups(proc)).toEqual(await python.run('os.getgroups()'));
  });

  test('proc_rlimit(proc, res, new_limits) is client.rlimit(proc, resource, newLimits)', async () => {
    const before = await client.rlimit(proc, 'RLIMIT_NOFILE', { soft: 256, hard: 512 });
    expect(before).toEqual({ soft: 512, hard: 1024 });
    expect(await python.run('resource.getrlimit(resource.RLIMIT_NOFILE)')).toEqual([256, 512]);
  });

  test('proc_rlimit(proc, res) is client.rlimit(proc, resource)', async () => {
    expect(await client.rlimit(proc, 'RLIMIT_NOFILE')).toEqual({ soft: 512, hard: 1024 });
  });

  test('proc_getrlimit(proc, res) is client.getrlimit(proc, resource)', async () => {
    expect(await client.getrlimit(proc, 'RLIMIT_NOFILE')).toEqual(prlimit(proc, 'nofile'));
  });

  test('proc_get_sigmasks(proc) is client.sigmasks(proc)', async () => {
    await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})');
    const [blocked] = ps(proc, 'blocked');
    expect((await client.sigmasks(proc)).blocked?.mask).toBe(BigInt(`0x${blocked}`));
  });

  test('proc_getpgid(proc) is client.pgid(proc)', async () => {
    expect(await client.pgid(proc)).toBe(await python.run('os.getpgid(0)'));
  });

  test('proc_getsid(proc) is client.sid(proc)', async () => {
    expect(await client.sid(proc)).toBe(await python.run('os.getsid(0)'));
  });

  test('proc_as_dict(proc, attrs, ad_value) is client.snapshot(proc, { fields, fallback })', async () => {
    await python.run('os.umask(0o045)');
    const pgid = await python.run('os.getpgid(0)');
    const snapshot = await client.snapshot(proc, { fields: ['umask', 'pgid'], fallback: 'denied' });
    expect(snapshot).toEqual({ pid: proc, umask: 0o045, pgid });
  });

  test('psutil.Process(pid) is client.process(pid)', async () => {
    const made = await client.process(proc);
    expect(made).toBeInstanceOf(Process);
    expect([made.pid, await made.isRunning()]).toEqual([proc, true]);
  });

  test('psutil.process_iter() is client.scan() and client.scanBatches()', async () => {
    const scanned = (await client.scan({ fields: ['ppid'] })).get(proc);
    let batched: number | null | undefined;
    for await (const table of client.scanBatches({ fields: ['ppid'] })) batched ??= table.get(proc)?.ppid;
    expect([scanned?.ppid, batched]).toEqual([process.pid, process.pid]);
  });
});
