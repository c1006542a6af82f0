import { describe, expect, test } from 'vitest';
import { answerOf } from '../processes/node.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';

/** A program's own files of processes that are open, of a client that reads files. */
const PROGRAM = `
  import { readdirSync, readlinkSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { createClient } from 'psutil-extra';
  const held = () => readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /^\\/proc\\/[0-9]+\\/(stat|statm|io)$/.test(readlinkSync('/proc/self/fd/' + fd));
    } catch {
      return false;
    }
  }).length;
  const untilClosed = async () => {
    for (let i = 0; held() > 0 && i < 1000; i++) await sleep(10);
    return held();
  };
  const client = createClient({ source: 'procfs', threads: 2 });
  const answer = async (value) => {
    await client.close();
    console.log(JSON.stringify(value));
  };
`;

/** A program whose files may not be more than all of this machine's processes. */
const run = <T>(source: string, wrapper: readonly string[] = []) => answerOf<T>(`${PROGRAM}${source}`, { wrapper });

describe('descriptors of a sampler', () => {
  test('are open between two readings, one for each process, and closed when the consumer leaves', async () => {
    const answers = await run<{ held: number[]; rows: number[]; left: number }>(`
      const held_ = [], rows = [];
      for await (const table of client.sample({ interval: 50, maxDescriptors: 5000 })) {
        held_.push(held());
        rows.push(table.length);
        if (rows.length === 3) break;
      }
      await answer({ held: held_, rows, left: await untilClosed() });`);
    answers.held.forEach((held, i) => {
      expect(Math.abs(held - (answers.rows[i] as number))).toBeLessThanOrEqual(20);
    });
    expect(answers.left).toBe(0);
  });

  test.each([
    ['return()', 'await samples.return();'],
    ['an abort', 'controller.abort(); await samples.next().catch(() => {});'],
    ['the end of the client', 'await client.close();'],
  ])('are closed by %s', async (_, end) => {
    const left = await run<number>(`
      const controller = new AbortController();
      const samples = client.sample({ interval: 50, signal: controller.signal });
      await samples.next();
      if (held() === 0) throw new Error('none is open');
      ${end}
      await answer(await untilClosed());`);
    expect(left).toBe(0);
  });

  test('are closed after a reading that is under way when the consumer leaves', async () => {
    const left = await run<number>(`
      const samples = client.sample({ interval: 50 });
      await samples.next();
      samples.next().catch(() => {});
      await sleep(49);
      await samples.return();
      await sleep(200);
      await answer(await untilClosed());`);
    expect(left).toBe(0);
  });

  test('are closed if no sample is asked for in ten seconds, and opened again for the next one', async () => {
    const [before, left, rows, again] = await run<number[]>(`
      const samples = client.sample({ interval: 50 });
      await samples.next();
      const before = held();
      await sleep(9000);
      if (held() === 0) throw new Error('too early');
      const left = await untilClosed();
      const { value: table } = await samples.next();
      await answer([before, left, table.length, held()]);`);
    expect(before).toBeGreaterThan(0);
    expect(left).toBe(0);
    expect(rows).toBeGreaterThan(10);
    expect(again).toBeGreaterThan(0);
  });

  test('stay open while another consumer of the same readings goes on', async () => {
    const [between, left] = await run<number[]>(`
      const one = client.sample({ interval: 50 }), other = client.sample({ interval: 50 });
      await one.next();
      await other.next();
      await one.return();
      await sleep(100);
      await other.next();
      const between = held();
      await other.return();
      await answer([between, await untilClosed()]);`);
    expect(between).toBeGreaterThan(0);
    expect(left).toBe(0);
  });

  test.each([
    ['of the sampler', '', ', maxDescriptors: 5'],
    ['of the client', ', maxDescriptors: 5', ''],
    ['of the sampler before that of the client', ', maxDescriptors: 5000', ', maxDescriptors: 5'],
  ])('are no more than the option %s', async (_, ofClient, ofSampler) => {
    const most = await run<number>(`
      const limited = createClient({ source: 'procfs', threads: 1${ofClient} });
      let most = 0, tables = 0;
      for await (const table of limited.sample({ interval: 50${ofSampler} })) {
        most = Math.max(most, held());
        if (++tables === 4) break;
      }
      await limited.close();
      await answer(most);`);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(5);
  });

  test("are none with the option 0, and at most a quarter of the program's without it", async () => {
    const [none, quarter] = await run<number[]>(
      `
      const after = async (options) => {
        const samples = client.sample({ interval: 50, ...options });
        await samples.next();
        const open = held();
        await samples.return();
        await untilClosed();
        return open;
      };
      await answer([await after({ maxDescriptors: 0 }), await after({})]);`,
      ['prlimit', '--nofile=64:64'],
    );
    expect(none).toBe(0);
    expect(quarter).toBeGreaterThan(0);
    expect(quarter).toBeLessThanOrEqual(16);
  });

  test('are given back when descriptors run out elsewhere, and the call that lacked one succeeds', async () => {
    const answers = await run<{ before: number; after: number; name: string; rows: number }>(
      `
      import { openSync, closeSync } from 'node:fs';
      const samples = client.sample({ interval: 50, maxDescriptors: 60 });
      await samples.next();
      const before = held();
      const own = await client.process(process.pid);
      await own.umask();
      const opened = [];
      try {
        for (;;) opened.push(openSync('/dev/null', 'r'));
      } catch (error) {
        if (error.code !== 'EMFILE') throw error;
      }
      const name = await own.name();
      const after = held() - before;
      for (const each of opened) closeSync(each);
      const { value: table } = await samples.next();
      await samples.return();
      await answer({ before, after, name, rows: table.length });`,
      ['prlimit', '--nofile=128:128'],
    );
    expect(answers.before).toBeGreaterThan(10);
    expect(answers.after).toBe(0 - answers.before);
    expect(answers.name).toBe('node');
    expect(answers.rows).toBeGreaterThan(10);
  });

  test('belong to their process: one that has ended is not in the next sample', async () => {
    using python = await Python.start();
    using other = await sleeper();
    const [first, second, third] = await run<boolean[][]>(`
      const samples = client.sample({ interval: 50, fields: ['name'] });
      const has = async () => {
        const { value: table } = await samples.next();
        return [table.get(${python.pid}) !== undefined, table.get(${other.pid}) !== undefined, table.ended.includes(${python.pid})];
      };
      const first = await has();
      const second = await has();
      process.kill(${python.pid}, 'SIGKILL');
      let third;
      do third = await has(); while (third[0]);
      await samples.return();
      await answer([first, second, third]);`);
    expect(first).toEqual([true, true, false]);
    expect(second).toEqual([true, true, false]);
    expect(third).toEqual([false, true, true]);
  });

  test('are of the thread that reads: after that has ended, another thread makes the readings', async () => {
    const answers = await run<{ rows: number[]; left: number }>(`
      const workers = [];
      process.on('worker', (worker) => workers.push(worker));
      const samples = client.sample({ interval: 50 });
      const rows = [(await samples.next()).value.length];
      await workers[0].terminate();
      const between = await untilClosed();
      rows.push((await samples.next()).value.length);
      if (between > 0 || held() === 0) throw new Error('they are not of the thread');
      await samples.return();
      await answer({ rows, left: await untilClosed() });`);
    expect(Math.min(...answers.rows)).toBeGreaterThan(10);
    expect(answers.left).toBe(0);
  });
});
