import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createClient, type ProcessEvent } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Compiled } from '../processes/compiled.js';
import { CompiledProgram } from '../processes/compiled-program.js';
import { until } from '../processes/until.js';
import { Seen } from './seen.js';
import { SOURCES } from './sources.js';

let threaded: CompiledProgram;
let births: CompiledProgram;
beforeAll(() => {
  threaded = new CompiledProgram(new URL('threaded.c', import.meta.url));
  births = new CompiledProgram(new URL('births.c', import.meta.url));
});
afterAll(() => {
  threaded?.[Symbol.dispose]();
  births?.[Symbol.dispose]();
});

function started(program: string, ...args: string[]): ChildProcess & { pid: number } {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  return child as ChildProcess & { pid: number };
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (data) => {
    text += data;
  });
  await once(child, 'close');
  return text;
}

const kinds = (events: readonly ProcessEvent[]) => events.map(({ kind }) => kind);

describe.each(SOURCES)('events by $name', ({ name, options, lacking }) => {
  const begin = async () => {
    const client = createClient(options);
    try {
      const seen = await Seen.from(client, () => started('/bin/true'));
      return {
        client,
        seen,
        async [Symbol.asyncDispose]() {
          await seen[Symbol.asyncDispose]();
          await client.close();
        },
      };
    } catch (error) {
      await client.close();
      throw error;
    }
  };

  test('report a process that begins, executes a program and ends, with its parent and exit code', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const before = Date.now();
    const { pid } = started('/bin/sh', '-c', 'exit 7');
    const events = await watched.seen.ended(pid);
    expect(kinds(events)).toEqual(['fork', 'exec', 'exit']);
    expect(events[0]).toMatchObject({ parent: process.pid });
    expect(events[2]).toEqual({ kind: 'exit', pid, code: 7, signal: null, time: expect.any(Number) });
    const times = events.map((event) => (event.kind === 'lost' ? 0 : event.time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    // The time of boot is in whole seconds.
    for (const time of times) expect(Math.abs(time - before)).toBeLessThan(5000);
  });

  test('report that a process begins at its startTime', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const child = started('/bin/cat');
    await until('it is reported', () => watched.seen.of(child.pid).length > 0);
    const startTime = await watched.client.startTime(child.pid);
    child.kill('SIGKILL');
    const [fork] = await watched.seen.ended(child.pid);
    if (fork?.kind !== 'fork') throw new Error('no fork');
    expect(fork.time - startTime).toBeGreaterThanOrEqual(0);
    expect(fork.time - startTime).toBeLessThan(200);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)('report %s as what has ended a process', async (signal) => {
    await using watched = lacking[0] ? undefined : await begin();
    if (watched === undefined) return;
    const child = started('/bin/cat');
    child.kill(signal);
    expect((await watched.seen.ended(child.pid)).at(-1)).toMatchObject({ kind: 'exit', code: null, signal });
  });

  test('do not report threads', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const child = started(threaded.path, 'group');
    const events = await watched.seen.ended(child.pid);
    expect(kinds(events)).toEqual(['fork', 'exec', 'exit']);
    expect(events.at(-1)).toMatchObject({ code: 4 });
    await watched.seen.ended(started('/bin/true').pid);
    // Its threads have the numbers behind its own.
    const next = watched.seen.events.flatMap((event) =>
      event.kind === 'exit' && event.pid > child.pid && event.pid <= child.pid + 4 ? [event] : [],
    );
    const begun = new Set(watched.seen.events.flatMap((event) => (event.kind === 'fork' ? [event.pid] : [])));
    expect(next.filter(({ pid }) => !begun.has(pid))).toEqual([]);
  });

  test('report the end of a process when its last thread ends, and not when its main thread does', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const child = started(threaded.path, 'outlive');
    const [code] = await once(child, 'exit');
    expect(code).toBe(5);
    const events = await watched.seen.ended(child.pid);
    expect(kinds(events)).toEqual(['fork', 'exec', 'exit']);
    const [, exec, exit] = events;
    if (exec?.kind !== 'exec' || exit?.kind !== 'exit') throw new Error('no exec, or no exit');
    expect(exit.code).toBe(5);
    expect(exit.time - exec.time).toBeGreaterThan(49);
  });

  test('report the end of a process whose main thread had ended before they began', async ({ skip }) => {
    skip(...lacking);
    using leaderless = new Compiled('leaderless.c');
    expect(await leaderless.line()).toBe('ready');
    await using watched = await begin();
    await leaderless.end();
    expect(kinds(await watched.seen.ended(leaderless.pid))).toEqual(['exit']);
  });

  test('report the end of a process although its tracer keeps a thread of it', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const tracer = started(threaded.path, 'traced');
    const [line] = await once(tracer.stdout as NonNullable<typeof tracer.stdout>, 'data');
    const events = await watched.seen.ended(Number(line));
    expect(events.at(-1)).toMatchObject({ kind: 'exit', code: 6 });
    expect(readFileSync(`/proc/${Number(line)}/stat`, 'utf8')).toMatch(/\) Z /);
    tracer.stdin?.end();
    await once(tracer, 'exit');
  });

  test('report an exec by a thread as one of its process, which has not ended', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const events = await watched.seen.ended(started(threaded.path, 'exec').pid);
    expect(kinds(events)).toEqual(['fork', 'exec', 'exec', 'exit']);
    expect(events.at(-1)).toMatchObject({ code: 3 });
  });

  test('report each end once where all threads of a process end at the same moment', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const child = started(threaded.path, 'together', '300');
    const pids = (await outputOf(child)).trim().split('\n').map(Number);
    expect(pids).toHaveLength(300);
    await watched.seen.ended(child.pid);
    for (const pid of pids) expect([pid, kinds(watched.seen.of(pid))]).toEqual([pid, ['fork', 'exit']]);
  });

  test('report what a busy program does completely and in order', async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const child = started(births.path, '2000', '0');
    const lines = (await outputOf(child)).trim().split('\n').slice(0, -1);
    await watched.seen.ended(child.pid);
    const own = new Set(lines.map((line) => Number(line.split(' ')[0])));
    const codes = watched.seen.events.flatMap((event) =>
      event.kind === 'exit' && own.has(event.pid) ? [`${event.pid} ${event.code}`] : [],
    );
    expect(codes).toEqual(lines);
    const first = lines[0]?.split(' ')[0];
    expect(kinds(watched.seen.of(Number(first)))).toEqual(['fork', 'exec', 'exit']);
  });

  test('are shared by all who take them, with one thread', async ({ skip }) => {
    skip(...lacking);
    const threads: unknown[] = [];
    const collect = (worker: unknown) => threads.push(worker);
    process.on('worker', collect);
    try {
      await using watched = await begin();
      await using second = await Seen.from(watched.client, () => started('/bin/true'));
      const { pid } = started('/bin/true');
      expect(await second.ended(pid)).toEqual(await watched.seen.ended(pid));
      expect(threads).toHaveLength(1);
    } finally {
      process.off('worker', collect);
    }
  });

  test(`${name === 'bpf' ? 'have' : 'lack'} the path of the program`, async ({ skip }) => {
    skip(...lacking);
    await using watched = await begin();
    const long = `${'/.'.repeat(500)}/bin/true`;
    for (const path of ['/bin/true', long]) {
      const [, exec] = await watched.seen.ended(started(path).pid);
      expect(exec).toHaveProperty('kind', 'exec');
      expect((exec as { exe?: string }).exe).toBe(name === 'bpf' ? path : undefined);
    }
  });
});
