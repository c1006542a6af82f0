import { createClient, FIELDS, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { prlimit } from '../processes/proc.js';
import { RECORDED_BOOT, RecordedRoot, recorded } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';

describe('of a folder of recorded files', () => {
  const root = new RecordedRoot();
  const client = createClient({ threads: 1, procRoot: root.path });
  beforeAll(() => {
    root.add(4321);
    root.add(9);
  });
  afterAll(async () => {
    root[Symbol.dispose]();
    await client.close();
  });

  test('every field is what the files say', async () => {
    const fields = [
      'name',
      'ppid',
      'state',
      'uids',
      'gids',
      'groups',
      'umask',
      'pgid',
      'sid',
      'threads',
      'startTime',
    ] as const;
    expect(await client.snapshot(4321, { fields })).toEqual({
      pid: 4321,
      name: 'recorded',
      ppid: 77,
      state: 'sleeping',
      uids: { real: 1000, effective: 1001, saved: 1002 },
      gids: { real: 100, effective: 101, saved: 102 },
      groups: [4, 24, 27],
      umask: 0o027,
      pgid: 4300,
      sid: 4200,
      threads: 3,
      startTime: RECORDED_BOOT * 1000 + 123_450,
    });
  });

  test('signal sets and limits are what the files say', async () => {
    expect(JSON.parse(JSON.stringify(await client.sigmasks(4321)))).toEqual({
      pending: [],
      processPending: ['SIGSEGV'],
      blocked: ['SIGCHLD'],
      ignored: ['SIGPIPE'],
      caught: expect.arrayContaining(['SIGHUP', 'SIGINT', 'SIGCHLD']),
    });
    expect(await client.getrlimit(4321, 'RLIMIT_NOFILE')).toEqual({ soft: 1024, hard: 524_288 });
    expect(await client.getrlimit(4321, 'RLIMIT_STACK')).toEqual({ soft: 8_388_608, hard: Number.POSITIVE_INFINITY });
  });

  test('pgid and sid alone come from files, not from calls that would ask about another process', async () => {
    expect(await client.pgid(4321)).toBe(4300);
    expect(await client.sid(4321)).toBe(4200);
    expect(client.stats().reads).toMatchObject({ getpgid: 0, getsid: 0, prlimit64: 0 });
  });

  test('a PID that the folder lacks is NoSuchProcessError, though it lives here', async () => {
    expect(await rejection(client.umask(process.pid))).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(client.pgid(process.pid))).toBeInstanceOf(NoSuchProcessError);
  });

  test('pids and a scan are those of the folder', async () => {
    expect(new Set(await client.pids())).toEqual(new Set([9, 4321]));
    const table = await client.scan({ fields: ['pgid', 'umask', 'rlimits'] });
    expect(new Set(table.pids)).toEqual(new Set([9, 4321]));
    expect(table.get(9)?.pgid).toBe(4300);
  });

  test('a Process and a scope read there', async () => {
    const held = await client.process(4321);
    expect(held.startTime).toBe(RECORDED_BOOT * 1000 + 123_450);
    expect(await held.umask()).toBe(0o027);
    expect(await client.oneshot(held, (scope) => scope.sid())).toBe(4200);
  });

  test('setting a limit is NotSupportedError, by number, through a Process and in a scope', async () => {
    const limits = { soft: 1, hard: 1 };
    const held = await client.process(4321);
    for (const call of [
      client.rlimit(4321, 'RLIMIT_NOFILE', limits),
      held.rlimit('RLIMIT_NOFILE', limits),
      client.oneshot(4321, (scope) => scope.rlimit('RLIMIT_NOFILE', limits)),
    ]) {
      const error = await rejection(call);
      expect(error).toBeInstanceOf(NotSupportedError);
      expect(error).toMatchObject({ code: 'ENOTSUP', errno: -95, pid: 4321 });
    }
  });

  test('a process that was reaped while its files were written is gone for every call', async () => {
    using folder = new RecordedRoot();
    await using odd = createClient({ threads: 1, procRoot: folder.path });
    const { status, stat } = recorded(77);
    folder.add(78);
    folder.add(77, {
      status: status
        .replace('S (sleeping)', 'X (dead)')
        .replace(/^Umask:.*\n/m, '')
        .replace(/^(PPid|NSpgid|NSsid|Threads):.*/gm, '$1:\t0')
        .replace(/^(S[a-z]{2}(Pnd|Blk|Ign|Cgt)):.*/gim, '$1:\t0000000000000000'),
      stat: stat.replace('S 77 4300 4200', 'X 0 -1 -1').replace(' 20 0 3 ', ' 20 0 0 '),
      limits: '',
    });
    for (const field of FIELDS) expect(await rejection(odd[field](77)), field).toBeInstanceOf(NoSuchProcessError);
    expect((await odd.scan({ fields: ['groups'], pids: [77, 78] })).pids).toEqual(Int32Array.of(78));
  });

  test('files with odd content are an error or a value, never a crash', async () => {
    using folder = new RecordedRoot();
    await using odd = createClient({ threads: 1, procRoot: folder.path });
    const texts = ['', '\n', '\0', 'Umask:', 'Umask:\tx', recorded(1).status.slice(0, 100), 'x'.repeat(100_000)];
    texts.forEach((text, i) => {
      folder.add(100 + i, { status: text, stat: text, limits: text });
    });
    const settled = await Promise.allSettled(
      texts.flatMap((_, i) => [odd.snapshot(100 + i), odd.startTime(100 + i), odd.rlimits(100 + i)]),
    );
    for (const answer of settled) if (answer.status === 'rejected') expect(answer.reason).toHaveProperty('code');
  });
});

test('a trailing slash or a dot does not make /proc another root', async () => {
  using spawned = await sleeper(['prlimit', '--nofile=30:40']);
  await using client = createClient({ threads: 1, procRoot: '/proc/./' });
  await client.rlimit(spawned.pid, 'RLIMIT_NOFILE', { soft: 3, hard: 4 });
  expect(prlimit(spawned.pid, 'nofile')).toEqual({ soft: 3, hard: 4 });
});

test('the same procfs by another path is read alike, and not written', async () => {
  using spawned = await sleeper(['prlimit', '--nofile=30:40']);
  await using here = createClient({ threads: 1 });
  await using client = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
  expect(await client.snapshot(spawned.pid)).toEqual(await here.snapshot(spawned.pid));
  expect(await client.getrlimit(spawned.pid, 'RLIMIT_NOFILE')).toEqual({ soft: 30, hard: 40 });
  const set = client.rlimit(spawned.pid, 'RLIMIT_NOFILE', { soft: 3, hard: 4 });
  expect(await rejection(set)).toBeInstanceOf(NotSupportedError);
  expect(prlimit(spawned.pid, 'nofile')).toEqual({ soft: 30, hard: 40 });
});

test('a host’s /proc that is mounted elsewhere is read through files, and not written', async ({ skip }) => {
  skip(...lacking.namespaces);
  using spawned = await sleeper(['prlimit', '--nofile=30:40']);
  using root = new RecordedRoot();
  const answer = await answerOf<{ there: object; here: object; set: string; reads: object }>(
    `import { createClient } from 'psutil-extra';
     const [, procRoot, pid] = process.argv;
     const fields = ['name', 'ppid', 'state', 'uids', 'gids', 'groups', 'umask', 'sigmasks', 'pgid', 'sid', 'threads', 'rlimits'];
     const there = createClient({ threads: 1, procRoot });
     const here = createClient({ threads: 1 });
     console.log(JSON.stringify({
       there: await there.snapshot(+pid, { fields }),
       here: await here.snapshot(+pid, { fields }),
       set: await there.rlimit(+pid, 'RLIMIT_NOFILE', { soft: 3, hard: 4 }).catch(({ name }) => name),
       reads: there.stats().reads,
     }));`,
    {
      wrapper: ['unshare', '--mount', 'sh', '-c', 'mount --bind /proc "$0" && exec "$@"', root.path],
      args: [root.path, String(spawned.pid)],
    },
  );
  expect(answer.there).toEqual(answer.here);
  expect(answer.set).toBe('NotSupportedError');
  expect(answer.reads).toMatchObject({ prlimit64: 0, getpgid: 0, getsid: 0 });
  expect(prlimit(spawned.pid, 'nofile')).toEqual({ soft: 30, hard: 40 });
});
