import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';
import { type CallEvent, createClient, NoSuchProcessError, type ReadEvent } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { answerOf, runNode } from '../processes/node.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';

/** What is published on a channel from here on, until the block ends. */
class Listener<T> implements Disposable {
  readonly heard: T[] = [];
  readonly #channel: string;
  readonly #hear = (message: unknown) => void this.heard.push(message as T);

  constructor(channel: string) {
    this.#channel = channel;
    subscribe(channel, this.#hear);
  }

  [Symbol.dispose](): void {
    unsubscribe(this.#channel, this.#hear);
  }
}

describe('the channel psutil-extra:call', () => {
  it('reports the method, the process, how long it took and the line that called', async () => {
    await using client = createClient({ threads: 1 });
    using calls = new Listener<CallEvent>('psutil-extra:call');
    await client.umask(process.pid);
    expect(calls.heard).toEqual([
      {
        method: 'umask',
        pid: process.pid,
        elapsed: expect.any(Number),
        cached: false,
        by: expect.any(String),
        error: undefined,
      },
    ]);
    expect(calls.heard[0]?.by).toContain(fileURLToPath(import.meta.url));
    expect(calls.heard[0]?.elapsed).toBeGreaterThan(0);
  });

  it('reports what a oneshot scope answered by itself', async () => {
    await using client = createClient({ threads: 1 });
    using calls = new Listener<CallEvent>('psutil-extra:call');
    await client.oneshot(process.pid, async (p) => {
      await p.umask();
      await p.sigmasks();
      await client.snapshot(process.pid, { fields: ['umask'] });
    });
    expect(calls.heard.map(({ method, cached }) => [method, cached])).toEqual([
      ['umask', false],
      ['sigmasks', true],
      ['snapshot', true],
    ]);
  });

  it('reports what a call rejected with, and the caller gets the error as well', async () => {
    await using client = createClient({ threads: 1 });
    using calls = new Listener<CallEvent>('psutil-extra:call');
    await expect(client.pgid(UNUSED_PID)).rejects.toBeInstanceOf(NoSuchProcessError);
    expect(calls.heard[0]).toMatchObject({ method: 'pgid', pid: UNUSED_PID, error: expect.any(NoSuchProcessError) });
  });

  it('names every kind of call', async () => {
    using child = await sleeper();
    await using client = createClient({ threads: 1 });
    using calls = new Listener<CallEvent>('psutil-extra:call');
    const proc = await client.process(child.pid);
    await proc.getrlimit('RLIMIT_NOFILE');
    await proc.rlimit('RLIMIT_CORE', { soft: 0, hard: 0 });
    await client.pids();
    await client.scan({ pids: [child.pid] });
    for await (const table of client.scanBatches({ pids: [proc] })) expect(table.length).toBe(1);
    expect(calls.heard.map(({ method }) => method)).toEqual([
      'process',
      'getrlimit',
      'rlimit',
      'pids',
      'scan',
      'scanBatches',
      'scanBatches',
    ]);
  });
});

describe('the channel psutil-extra:read', () => {
  it('reports a message once, whatever number of calls it was for', async () => {
    await using client = createClient({ threads: 1 });
    using reads = new Listener<ReadEvent>('psutil-extra:read');
    await Promise.all([client.umask(process.pid), client.sigmasks(process.pid), client.umask(process.pid)]);
    expect(reads.heard).toEqual([
      {
        op: 'read',
        processes: 1,
        fields: ['umask', 'sigmasks'],
        reads: { status: 1 },
        reading: expect.any(Number),
        elapsed: expect.any(Number),
        ok: true,
      },
    ]);
    expect(reads.heard[0]?.reading).toBeLessThan(reads.heard[0]?.elapsed as number);
  });

  it('adds up to the counters of stats()', async () => {
    await using client = createClient({ threads: 1, source: 'procfs' });
    using reads = new Listener<ReadEvent>('psutil-extra:read');
    await client.scan({ fields: ['name', 'rlimits'] });
    await client.pgid(process.pid);
    await client.oneshot(process.pid, async (p) => [await p.umask(), await p.rlimits()]);
    const published: Record<string, number> = {};
    for (const { reads: each } of reads.heard) {
      for (const [source, count] of Object.entries(each)) published[source] = (published[source] ?? 0) + count;
    }
    const { reads: counted, messages } = client.stats();
    expect(counted).toEqual({ ...Object.fromEntries(Object.keys(counted).map((source) => [source, 0])), ...published });
    expect(reads.heard).toHaveLength(messages);
  });
});

describe('DEBUG', () => {
  const PROGRAM = `
    import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1 });
    await client.umask(process.pid);
    await client.close();`;

  it.each([
    { debug: 'psutil-extra', shown: ['call', 'read'] },
    { debug: 'other,psutil-*', shown: ['call', 'read'] },
    { debug: 'psutil-extra:read', shown: ['read'] },
    { debug: 'other', shown: [] },
    { debug: '', shown: [] },
    { debug: '*', shown: ['call', 'read'] },
    { debug: '*:call', shown: ['call'] },
    { debug: '*,-psutil-extra*', shown: [] },
    { debug: '-psutil-extra *', shown: [] },
    { debug: '*, -psutil-extra:read', shown: ['call'] },
    { debug: 'psutil-extra,-other*', shown: ['call', 'read'] },
    { debug: '-psutil-extra', shown: [] },
    { debug: 'psutil?extra', shown: [] },
    { debug: 'p*l-e*a:c*l', shown: ['call'] },
  ])('set to "$debug" prints $shown on stderr', async ({ debug, shown }) => {
    const { stderr, stdout } = await runNode(PROGRAM, { wrapper: ['env', `DEBUG=${debug}`] });
    const lines = stderr
      .trim()
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.map((line) => /^psutil-extra (\w+) /.exec(line)?.[1])).toEqual(expect.arrayContaining(shown));
    expect(lines).toHaveLength(shown.length);
    expect(stdout).toBe('');
  });

  it.each([
    { what: 'many names', debug: 'x,'.repeat(20_000) },
    { what: 'many stars', debug: `${'*a'.repeat(20_000)}*` },
    { what: 'nothing but stars', debug: `${'*'.repeat(40_000)}x` },
    { what: 'a long name', debug: 'psutil-extra'.repeat(3500) },
    { what: 'what would be a pattern of its own', debug: '(a+)+$[\\'.repeat(4000) },
  ])('of 40 kB ($what) is matched in linear time', async ({ debug }) => {
    const { stderr, code } = await runNode(PROGRAM, { wrapper: ['env', `DEBUG=${debug}`] });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('prints nothing where it is not set', async () => {
    const source = `${PROGRAM}
      import { channel } from 'node:diagnostics_channel';
      console.log(channel('psutil-extra:call').hasSubscribers);`;
    expect(await answerOf(source, { wrapper: ['env', '-u', 'DEBUG'] })).toBe(false);
  });
});
