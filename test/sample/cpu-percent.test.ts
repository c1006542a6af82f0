import { createClient, type Samples } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { statOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** Works for so many seconds of processor time. */
const work = (seconds: number) =>
  `any(time.process_time() > end for end in [time.process_time() + ${seconds}] for _ in iter(int, 1))`;

/** Milliseconds of processor time that the kernel has counted. */
function used(pid: number): number {
  const stat = statOf(pid) ?? [];
  return (Number(stat[11]) + Number(stat[12])) * 10;
}

/** Milliseconds of processor time in the next sample. */
async function sampled(samples: Samples<'cpuPercent'>, pid: number): Promise<number> {
  const { value: table } = await samples.next();
  if (table === undefined) throw new Error('there is no sample');
  return ((table.get(pid)?.cpuPercent ?? Number.NaN) * table.elapsed) / 100;
}

describe('cpuPercent of a sample', () => {
  test('is the processor time that the kernel has counted in between', async () => {
    using python = await Python.start();
    const samples = client.sample({ fields: ['cpuPercent'], interval: 50 });
    await samples.next();
    const before = used(python.pid);
    await python.run(work(0.15));
    const after = used(python.pid);
    expect(after - before).toBeGreaterThanOrEqual(140);
    let time = await sampled(samples, python.pid);
    time += await sampled(samples, python.pid);
    expect(Math.abs(time - (after - before))).toBeLessThanOrEqual(20);
    await samples.return();
  });

  test('counts a process that began in between from its beginning', async () => {
    const samples = client.sample({ fields: ['cpuPercent'], interval: 50 });
    await samples.next();
    using python = await Python.start();
    await python.run(work(0.1));
    const time = await sampled(samples, python.pid);
    expect(time).toBeGreaterThanOrEqual(90);
    // A percentage is of the time between the two reads of the process itself, which differs a little
    // from `elapsed`; the kernel cuts user and system time to ticks, and BPF does not.
    expect(time).toBeLessThanOrEqual(used(python.pid) * 1.02 + 20);
    await samples.return();
  });

  test('counts threads that have ended', async () => {
    using python = await Python.start();
    const samples = client.sample({ fields: ['cpuPercent'], interval: 50 });
    await samples.next();
    await python.run('import threading');
    await python.run(`[t.start() or t.join() for t in [threading.Thread(target=lambda: ${work(0.1)})]]`);
    expect(await sampled(samples, python.pid)).toBeGreaterThanOrEqual(90);
    await samples.return();
  });

  test('is 0 of what sleeps, and is never negative', async () => {
    using sleeping = await sleeper();
    const samples = client.sample({ fields: ['cpuPercent'], interval: 50 });
    // It may have begun to sleep after the first reading, and BPF counts nanoseconds.
    await samples.next();
    for (let i = 0; i < 5; i++) {
      const { value: table } = await samples.next();
      expect(table?.get(sleeping.pid)?.cpuPercent).toBe(0);
      expect(table?.filter(({ cpuPercent }) => (cpuPercent ?? 0) < 0)).toEqual([]);
    }
    await samples.return();
  });

  test('is the same through BPF as through files', async ({ skip }) => {
    skip(!client.supports('bpf'), 'BPF is not available here');
    using python = await Python.start();
    await using byFiles = createClient({ threads: 1, source: 'procfs' });
    await using byBpf = createClient({ threads: 1, source: 'bpf' });
    const both = [byFiles, byBpf].map((each) => each.sample({ fields: ['cpuPercent'], interval: 50 }));
    for (const samples of both) await samples.next();
    await python.run(work(0.2));
    const [files, bpf] = await Promise.all(both.map((samples) => sampled(samples, python.pid)));
    expect(Math.abs((files as number) - (bpf as number))).toBeLessThanOrEqual(20);
  });
});

describe('proc.cpuPercent()', () => {
  test('measures for the interval', async () => {
    using python = await Python.start();
    const process = await client.process(python.pid);
    const began = performance.now();
    const measuring = process.cpuPercent({ interval: 200 });
    await python.run(work(0.1));
    const percent = await measuring;
    const took = performance.now() - began;
    expect(took).toBeGreaterThanOrEqual(199);
    // All of its work if it ended within the interval, and at least what fits into the time that it had.
    expect(percent).toBeGreaterThan(0);
    expect(percent).toBeLessThanOrEqual(110);
  });

  test('is 0 of what sleeps', async () => {
    using sleeping = await sleeper();
    expect(await (await client.process(sleeping.pid)).cpuPercent({ interval: 50 })).toBe(0);
  });

  test('reads twice also within a oneshot scope', async () => {
    using python = await Python.start();
    const percent = await client.oneshot(python.pid, async () => {
      await client.cpuTimes(python.pid);
      const process = await client.process(python.pid);
      const measuring = process.cpuPercent({ interval: 300 });
      await python.run(work(0.1));
      return await measuring;
    });
    expect(percent).toBeGreaterThan(0);
  });

  test('rejects with NoSuchProcessError if the process ends meanwhile', async () => {
    const python = await Python.start();
    const process = await client.process(python.pid);
    const measuring = rejection(process.cpuPercent({ interval: 300 }));
    await client.kill(python.pid, 'SIGKILL');
    python[Symbol.dispose]();
    expect(await measuring).toMatchObject({ name: 'NoSuchProcessError', pid: process.pid });
  });

  test('rejects with the reason of its signal, at once', async () => {
    const controller = new AbortController();
    const process = await client.process(globalThis.process.pid);
    const measuring = rejection(process.cpuPercent({ interval: 60_000, signal: controller.signal }));
    await client.pids();
    controller.abort(new Error('enough'));
    expect(await measuring).toMatchObject({ message: 'enough' });
  });

  test('rejects with ClientClosedError when its client is closed, at once', async () => {
    const closing = createClient({ threads: 1 });
    const process = await closing.process(globalThis.process.pid);
    const measuring = rejection(process.cpuPercent({ interval: 60_000 }));
    await closing.pids();
    await closing.close();
    expect(await measuring).toMatchObject({ name: 'ClientClosedError' });
  });

  test.each([
    [{ interval: 10 }, 'ERR_OUT_OF_RANGE'],
    [{ intervall: 100 }, 'ERR_INVALID_ARG_VALUE'],
  ])('refuses %o', async (options, code) => {
    const process = await client.process(globalThis.process.pid);
    expect(await rejection(process.cpuPercent(options as object))).toMatchObject({ code });
  });
});
