import { loadAddon } from '@psutil-extra/native';
import { type Client, createClient, type Field, NoSuchProcessError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { Herd, sleeper, UNUSED_PID } from '../processes/sleeper.js';

const refusal = loadAddon().refusalOfWalk();
const noBpf: [boolean, string] = [refusal !== null, `BPF is not available here: ${refusal?.about}`];

/** So many unused PIDs that a scan of every process is quicker. */
const STRANGERS = Array.from({ length: 1200 }, (_, i) => UNUSED_PID + i);

function walks(client: Client): number {
  return client.stats().reads['bpf'] ?? 0;
}

describe('calls for a good part of all processes at once', () => {
  test('are answered by a scan of every process, with its values for each one asked for', async ({ skip }) => {
    skip(...noBpf);
    using herd = await Herd.of(20);
    await using client = createClient({ threads: 1, source: 'auto' });
    await using slow = createClient({ threads: 1, source: 'procfs' });
    await client.pids();
    for (const field of ['umask', 'pgid', 'groups', 'sigmasks', 'rlimits', 'threads'] as const satisfies Field[]) {
      const before = walks(client);
      const asked = [...herd.pids, ...STRANGERS];
      const answers = await Promise.allSettled(asked.map((pid) => client[field](pid) as Promise<unknown>));
      const expected = await Promise.all(herd.pids.map((pid) => slow[field](pid) as Promise<unknown>));
      expect(walks(client)).toBeGreaterThan(before);
      expect(answers.slice(0, herd.pids.length)).toEqual(expected.map((value) => ({ status: 'fulfilled', value })));
    }
  });

  test('reject each by itself where no process has the PID', async ({ skip }) => {
    skip(...noBpf);
    await using client = createClient({ threads: 1, source: 'auto' });
    await client.pids();
    const answers = await Promise.allSettled(STRANGERS.map((pid) => client.umask(pid)));
    for (const [at, answer] of answers.entries()) {
      if (answer.status === 'fulfilled') throw new Error(`${STRANGERS[at]} was found`);
      expect(answer.reason).toBeInstanceOf(NoSuchProcessError);
      expect(answer.reason).toMatchObject({ pid: STRANGERS[at], code: 'ESRCH' });
    }
  });

  test('read a Process by its start time, among plain PIDs', async ({ skip }) => {
    skip(...noBpf);
    using target = await sleeper();
    await using client = createClient({ threads: 1, source: 'auto' });
    const proc = await client.process(target.pid);
    await client.pids();
    const rest = Promise.allSettled(STRANGERS.map((pid) => client.umask(pid)));
    const [byNumber, byProcess] = await Promise.all([client.pgid(target.pid), client.pgid(proc)]);
    expect(byProcess).toBe(byNumber);
    await rest;
    expect(walks(client)).toBeGreaterThan(0);
    await target.end();
    const after = Promise.allSettled(STRANGERS.map((pid) => client.umask(pid)));
    await expect(client.pgid(proc)).rejects.toBeInstanceOf(NoSuchProcessError);
    await after;
  });

  test('are all settled by close', async ({ skip }) => {
    skip(...noBpf);
    const client = createClient({ threads: 1, source: 'auto' });
    // The program is loaded by then, which can take most of the second that close() gives.
    await client.scan();
    const answers = Promise.allSettled([process.pid, ...STRANGERS].map((pid) => client.umask(pid)));
    await client.close();
    const [own] = await answers;
    expect(own?.status).toBe('fulfilled');
  });

  test.each([
    ['few', STRANGERS.slice(0, 200), 'auto'],
    ['many, by a client that is to read procfs', STRANGERS, 'procfs'],
  ] as const)('are read one by one where they are %s', async (_, pids, source) => {
    await using client = createClient({ threads: 1, source });
    await client.pids();
    await Promise.allSettled(pids.map((pid) => client.umask(pid)));
    expect(walks(client)).toBe(0);
  });
});
