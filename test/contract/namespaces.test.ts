import { describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { prlimit } from '../processes/proc.js';
import { sleeper } from '../processes/sleeper.js';

/** What ps(1), prlimit(1) and this package report, run in the same namespace. */
const ASK = `import { execFileSync, spawn } from 'node:child_process';
  import { createClient } from 'psutil-extra';
  const client = createClient({ threads: 1 });
  const ps = (pid, ...columns) => execFileSync('ps', [...columns.flatMap((column) => ['-o', column + '=']), '-p', pid])
    .toString().trim().split(/\\s+/).map(Number);
  const idsOf = async (pid) => [await client.ppid(pid), await client.pgid(pid), await client.sid(pid)];
  const print = (value) => console.log(JSON.stringify(value));`;

describe('in a PID namespace with a /proc of its own', () => {
  const wrapper = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

  test('numbers are the caller’s own', async ({ skip }) => {
    skip(...lacking.namespaces);
    const answer = await answerOf<{ pid: number; ids: number[]; ps: number[]; alone: number[] }>(
      `${ASK}
       const snapshot = await client.snapshot(process.pid, { fields: ['ppid', 'pgid', 'sid'] });
       print({ pid: process.pid, ids: [snapshot.ppid, snapshot.pgid, snapshot.sid], alone: await idsOf(process.pid),
               ps: ps(process.pid, 'ppid', 'pgid', 'sid') });`,
      { wrapper },
    );
    expect(answer.pid).toBe(1);
    expect(answer.ids).toEqual(answer.ps);
    expect(answer.alone).toEqual(answer.ps);
  });

  test('a process of a session that began there has its numbers there', async ({ skip }) => {
    skip(...lacking.namespaces);
    const answer = await answerOf<{ pid: number; ids: number[]; ps: number[]; pids: number[] }>(
      `${ASK}
       const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
       print({ pid: child.pid, ids: await idsOf(child.pid), ps: ps(child.pid, 'ppid', 'pgid', 'sid'), pids: [...await client.pids()] });
       child.kill();`,
      { wrapper },
    );
    expect(answer.ids).toEqual([1, answer.pid, answer.pid]);
    expect(answer.ids).toEqual(answer.ps);
    expect(answer.pids).toEqual(expect.arrayContaining([1, answer.pid]));
    expect(answer.pids.length).toBeLessThan(10);
  });

  test('limits are set and read by those numbers', async ({ skip }) => {
    skip(...lacking.namespaces);
    const limits = await answerOf<unknown[]>(
      `${ASK}
       await client.rlimit(1, 'RLIMIT_NOFILE', { soft: 70, hard: 90 });
       const self = await client.process(1);
       const before = await self.rlimit('RLIMIT_NOFILE', { soft: 60, hard: 80 });
       print([before, await client.getrlimit(1, 'RLIMIT_NOFILE'), execFileSync('ulimit -n; ulimit -Hn', { shell: '/bin/bash' }).toString()]);`,
      { wrapper: [...wrapper, 'prlimit', '--nofile=100:100'] },
    );
    expect(limits).toEqual([{ soft: 70, hard: 90 }, { soft: 60, hard: 80 }, '60\n80\n']);
  });

  test('from outside, a process in there has the numbers of outside', async ({ skip }) => {
    skip(...lacking.namespaces);
    using outer = await sleeper(['setsid']);
    const ids = await answerOf<number[]>(`${ASK} print(await idsOf(${outer.pid}));`);
    expect(ids.slice(1)).toEqual([outer.pid, outer.pid]);
  });
});

describe('in a PID namespace that still sees the /proc of outside', () => {
  const wrapper = ['unshare', '--pid', '--fork', '--kill-child'];

  test('reads are of the processes that /proc shows', async ({ skip }) => {
    skip(...lacking.namespaces);
    using outer = await sleeper(['setsid', 'prlimit', '--nofile=33:44']);
    const answer = await answerOf<{ ids: number[]; limit: object }>(
      `${ASK} print({ ids: await idsOf(${outer.pid}), limit: await client.getrlimit(${outer.pid}, 'RLIMIT_NOFILE') });`,
      { wrapper },
    );
    expect(answer).toEqual({ ids: [process.pid, outer.pid, outer.pid], limit: { soft: 33, hard: 44 } });
  });

  test('no limit is set, neither of the process that /proc shows nor of the one that has the number inside', async ({
    skip,
  }) => {
    skip(...lacking.namespaces);
    using outer = await sleeper(['prlimit', '--nofile=33:44']);
    const answer = await answerOf<{ pid: number; names: string[]; own: string }>(
      `${ASK}
       const set = (pid) => client.rlimit(pid, 'RLIMIT_NOFILE', { soft: 3, hard: 4 }).then(() => 'set', ({ name }) => name);
       print({ pid: process.pid, names: [await set(1), await set(${outer.pid})],
               own: execFileSync('ulimit -Hn', { shell: '/bin/bash' }).toString() });`,
      { wrapper: [...wrapper, 'prlimit', '--nofile=100:100'] },
    );
    expect(answer.pid).toBe(1);
    expect(answer.names).toEqual(['NotSupportedError', 'NotSupportedError']);
    expect(answer.own).toBe('100\n');
    expect(prlimit(outer.pid, 'nofile')).toEqual({ soft: 33, hard: 44 });
  });
});

describe('where /proc is mounted with hidepid', () => {
  const HIDDEN = ['unshare', '--mount', 'sh', '-c', 'mount -t proc -o hidepid="$0" proc /proc && exec "$@"'];

  test.for(['1', '2'])('%s, a process of another user is AccessDeniedError and not gone', async (hidepid, { skip }) => {
    skip(...lacking.otherUser);
    using outer = await sleeper();
    const error = await answerOf<object>(
      `${ASK} print(await client.umask(${outer.pid}).catch(({ name, pid }) => ({ name, pid })));`,
      { wrapper: [...HIDDEN, hidepid, ...AS_NOBODY] },
    );
    expect(error).toEqual({ name: 'AccessDeniedError', pid: outer.pid });
  });

  test('one’s own processes are read as usual', async ({ skip }) => {
    skip(...lacking.otherUser);
    const same = await answerOf<boolean>(`${ASK} print(await client.umask(process.pid) === process.umask());`, {
      wrapper: [...HIDDEN, '2', ...AS_NOBODY],
    });
    expect(same).toBe(true);
  });
});
