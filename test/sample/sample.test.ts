import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, type SampleTable } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { answerOf, runNode } from '../processes/node.js';
import { Python } from '../processes/python.js';
import { recycled } from '../processes/recycled.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** So many samples, at the shortest interval. */
async function samplesOf(count: number, options: object = {}): Promise<SampleTable[]> {
  const tables: SampleTable[] = [];
  for await (const table of client.sample({ interval: 50, ...options })) {
    tables.push(table as SampleTable);
    if (tables.length === count) break;
  }
  return tables;
}

describe('a sample', () => {
  test('has a row of every process with the fields that were named, in their order', async () => {
    using process = await sleeper();
    const [table] = await samplesOf(1, { fields: ['cpuPercent', 'name', 'pid', 'ioRates', 'memory'] });
    expect(Object.entries(table?.get(process.pid) ?? {})).toEqual([
      ['pid', process.pid],
      ['cpuPercent', 0],
      ['name', 'sleep'],
      ['ioRates', { readBytes: 0, writeBytes: 0 }],
      ['memory', { rss: expect.any(Number), vms: expect.any(Number) }],
    ]);
    expect(table?.fields).toEqual(['cpuPercent', 'name', 'ioRates', 'memory']);
  });

  test('has name, cpuPercent and memory if no fields are named', async () => {
    const [table] = await samplesOf(1);
    expect(table?.fields).toEqual(['name', 'cpuPercent', 'memory']);
  });

  test('has its values as columns, with the same numbers as in its rows', async () => {
    const [table] = await samplesOf(1, { fields: ['cpuPercent', 'ioRates', 'memory'] });
    if (table === undefined) throw new Error('there is no sample');
    const percents = table.column('cpuPercent');
    const { readBytes, writeBytes } = table.column('ioRates');
    const { rss, vms, shared } = table.column('memory');
    expect(shared?.every(Number.isNaN)).toBe(true);
    table.toArray().forEach((row, i) => {
      expect(row.cpuPercent ?? Number.NaN).toBe(percents[i]);
      expect(row.ioRates ?? { readBytes: Number.NaN, writeBytes: Number.NaN }).toEqual({
        readBytes: readBytes[i],
        writeBytes: writeBytes[i],
      });
      expect([row.memory?.rss, row.memory?.vms]).toEqual([rss[i], vms[i]]);
    });
    const bits = table.validity('ioRates');
    expect(table.map((row) => row.ioRates !== null)).toEqual(
      table.map((_, i) => (((bits[i >> 3] as number) >> (i & 7)) & 1) === 1),
    );
  });

  test('says of a field that is made of another one why that could not be read', async ({ skip }) => {
    skip(...lacking.otherUser);
    using other = await sleeper();
    const code = await answerOf<string>(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       const samples = client.sample({ fields: ['ioRates'], interval: 50 });
       const { value: table } = await samples.next();
       const row = table.get(${other.pid});
       console.log(JSON.stringify([row.ioRates, table.error(${other.pid}, 'ioRates').code]));
       await client.close();`,
      { wrapper: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'env', '-u', 'NODE_V8_COVERAGE'] },
    );
    expect(code).toEqual([null, 'EACCES']);
  });

  test('lists the processes that have started and ended since the one before', async () => {
    using python = await Python.start();
    const samples = client.sample({ fields: ['name'], interval: 50 });
    await samples.next();
    const { pid, end } = await child(python);
    const { value: began } = await samples.next();
    expect(began?.started).toContain(pid);
    expect(began?.get(pid)).toBeDefined();
    await end();
    const { value: ended } = await samples.next();
    expect(ended?.ended).toContain(pid);
    expect(ended?.started).not.toContain(pid);
    expect(ended?.get(pid)).toBeUndefined();
    await samples.return();
  });

  test('reports a PID that was reused as ended and as started', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    using python = await Python.start();
    const samples = client.sample({ fields: ['cpuPercent'], interval: 50 });
    const pid = await recycled(python, () => samples.next());
    const { value: table } = await samples.next();
    expect([...(table?.ended ?? [])]).toContain(pid);
    expect([...(table?.started ?? [])]).toContain(pid);
    await samples.return();
  });
});

/** A child of it that can be ended, and is waited for then. */
async function child(python: Python): Promise<{ pid: number; end: () => Promise<unknown> }> {
  const pid = await python.run<number>('fork(lambda: None)');
  return { pid, end: () => python.run(`end(${pid})`) };
}

describe('the pace of samples', () => {
  test('is steady: each is due at a whole number of intervals after the first reading', async () => {
    // No other sampler has it, whose last reading would be the first one here.
    const interval = 53;
    const began = performance.now();
    let total = 0;
    const distances = (await samplesOf(20, { interval })).map(({ elapsed }) => {
      total += elapsed;
      return Math.abs(total - Math.round(total / interval) * interval);
    });
    // Each may be late on a busy machine, the first reading too, of which the others seem early then; but it does not add up.
    expect(performance.now() - began).toBeGreaterThan(20 * interval - 1);
    expect(Math.min(...distances.slice(-8))).toBeLessThan(10);
  });

  test('a loop that is slow gets fewer samples, each of all the time since its last one', async () => {
    const samples = client.sample({ fields: ['name'], interval: 50 });
    const began = performance.now();
    await samples.next();
    await sleep(180);
    const before = client.stats().messages;
    const { value: table } = await samples.next();
    // One reading, however many were due.
    expect(client.stats().messages - before).toBeLessThanOrEqual(2);
    expect(table?.elapsed).toBeGreaterThan(150);
    expect(table?.elapsed).toBeLessThan(performance.now() - began);
    await samples.return();
  });

  test('nothing is read while no next() waits', async () => {
    const samples = client.sample({ fields: ['name'], interval: 50 });
    await samples.next();
    const before = client.stats().messages;
    await sleep(150);
    expect(client.stats().messages).toBe(before);
    await samples.return();
  });

  test('samplers of the same fields and interval share their readings', async () => {
    const samplers = Array.from({ length: 5 }, () => client.sample({ fields: ['umask'], interval: 50 }));
    const before = client.stats().messages;
    const results = await Promise.all(samplers.map((samples) => samples.next()));
    // Two readings, of a request each or of one for the list and one for the processes.
    expect(client.stats().messages - before).toBeLessThanOrEqual(4);
    expect(new Set(results.map(({ value }) => value?.elapsed)).size).toBe(1);
    for (const samples of samplers) await samples.return();
  });

  test('calls of next() at once get one sample after the other', async () => {
    const samples = client.sample({ fields: ['name'], interval: 50 });
    const began = performance.now();
    const results = await Promise.all([samples.next(), samples.next(), samples.next()]);
    expect(performance.now() - began).toBeGreaterThan(140);
    expect(new Set(results.map(({ value }) => value)).size).toBe(3);
    await samples.return();
  });
});

describe('an iterator of samples', () => {
  test('is done after break and return()', async () => {
    const samples = client.sample({ interval: 50 });
    for await (const _ of samples) break;
    expect(await samples.next()).toEqual({ done: true, value: undefined });
  });

  test('throws as events.on() does when its signal is aborted', async () => {
    const controller = new AbortController();
    const samples = client.sample({ interval: 60_000, signal: controller.signal });
    const waiting = samples.next();
    controller.abort('enough');
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
    expect(await samples.next()).toEqual({ done: true, value: undefined });
  });

  test('is done when its client is closed, also while it waits', async () => {
    const closing: Client = createClient({ threads: 1 });
    const samples = closing.sample({ interval: 60_000 });
    const waiting = samples.next();
    await closing.pids();
    await closing.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  test.each([
    [
      { intervall: 100 },
      /no option 'intervall' \(did you mean 'interval'\?\); valid options are 'fields', 'interval', 'maxDescriptors', 'signal'\./,
    ],
    [{ interval: 49 }, /"options\.interval" is out of range\. It must be >= 50/],
    [{ interval: '100' }, /"options\.interval" argument must be of type number/],
    [{ fields: ['cpu'] }, /'options\.fields\[0\]' must be one of cpuPercent, ioRates, name/],
    [{ fields: 'cpuPercent' }, /"options\.fields" argument must be an array of field names/],
    [{ signal: {} }, /"options\.signal" argument must be an instance of AbortSignal/],
    [7, /"options" argument must be of type object/],
  ])('rejects its first next() for the options %o, and does not throw', async (options, message) => {
    const samples = client.sample(options as object);
    await expect(samples.next()).rejects.toThrow(message);
    expect(await samples.next()).toEqual({ done: true, value: undefined });
  });

  test('keeps the program alive while a next() waits, and not longer', async () => {
    expect(await runNode(source("await samples.next(); console.log('one');"))).toMatchObject({
      code: 0,
      stdout: 'one\n',
      stderr: '',
    });
    expect(await runNode(source("samples.next().then(() => console.log('one'));"))).toMatchObject({ stdout: 'one\n' });
  });
});

const source = (step: string) => `import { createClient } from 'psutil-extra';
  const samples = createClient().sample({ interval: 100 });
  ${step}`;
