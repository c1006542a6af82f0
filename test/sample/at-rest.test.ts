import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createClient, type SampleTable } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { Python } from '../processes/python.js';
import { recycled } from '../processes/recycled.js';

const client = createClient({ threads: 1, source: 'procfs' });
afterAll(() => client.close());

const PROGRAM = new URL('rests.c', import.meta.url).href;
const MIB = 2 ** 20;
/** More descriptors than there are processes. */
const MANY = 11_000;
const SAMPLES_UNTIL_REST = 8;

/** Samples of a process that does not run, from when its `statm` is read in place of its `stat`. */
class AtRest implements AsyncDisposable {
  readonly #pid: number;
  readonly #samples;

  private constructor(pid: number, maxDescriptors: number) {
    this.#pid = pid;
    this.#samples = client.sample({ fields: ['name', 'cpuTimes', 'memory'], interval: 50, maxDescriptors });
  }

  static async of(pid: number, maxDescriptors: number = MANY): Promise<AtRest> {
    const made = new AtRest(pid, maxDescriptors);
    if (maxDescriptors === 0) {
      // No open file shows it: as many samples as it takes with files that stay open, and some more.
      for (let samples = 0; samples < SAMPLES_UNTIL_REST; samples++) await made.#next();
      return made;
    }
    for (let samples = 0; filesOf(pid).join() !== 'statm'; samples++) {
      if (samples > 50) throw new Error(`process ${pid} is not at rest: of its files ${filesOf(pid).join()} are open`);
      await made.#next();
    }
    return made;
  }

  /** Its row in the next sample. */
  async row(): Promise<Row | undefined> {
    return (await this.table()).get(this.#pid);
  }

  async table(): Promise<SampleTable<'name' | 'cpuTimes' | 'memory'>> {
    return await this.#next();
  }

  async #next() {
    const { value } = await this.#samples.next();
    if (value === undefined) throw new Error('there are no more samples');
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#samples.return();
  }
}

type Row = ReturnType<SampleTable<'name' | 'cpuTimes' | 'memory'>['get']>;

/** What is open of a process in this program. */
function filesOf(pid: number): string[] {
  const prefix = `/proc/${pid}/`;
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${fd}`);
      return file.startsWith(prefix) ? [file.slice(prefix.length)] : [];
    } catch {
      return [];
    }
  });
}

/** Nanoseconds for which its main thread has run. */
function runtimeOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]);
}

describe.each([
  ['whose file stays open', MANY],
  ['no file of which stays open', 0],
])('a sample of a process %s, and that has not run since the one before', (_, maxDescriptors) => {
  test('has the values of before', async () => {
    using program = new Compiled(PROGRAM);
    await program.line();
    await program.line('run rested');
    await using rest = await AtRest.of(program.pid, maxDescriptors);
    const row = await rest.row();
    expect(row?.name).toBe('rested');
    expect(row?.cpuTimes).toEqual(await client.cpuTimes(program.pid));
    const { rss, vms } = await client.memory(program.pid);
    expect(row?.memory).toEqual({ rss, vms });
  });

  test('has the name and the times of now when it has run again', async () => {
    using program = new Compiled(PROGRAM);
    await program.line();
    await using rest = await AtRest.of(program.pid, maxDescriptors);
    const before = await rest.row();
    await program.line('run awake');
    const after = await rest.row();
    expect(after?.name).toBe('awake');
    expect(used(after) - used(before)).toBeGreaterThanOrEqual(40);
  });

  test('has the times of children that it has waited for', async () => {
    using program = new Compiled(PROGRAM);
    await program.line();
    await using rest = await AtRest.of(program.pid, maxDescriptors);
    const before = await rest.row();
    await program.line('children');
    const after = await rest.row();
    expect(ofChildren(after) - ofChildren(before)).toBeGreaterThanOrEqual(40);
  });

  test('has the memory of now, which others change without it', async ({ skip }) => {
    using program = new Compiled(PROGRAM);
    const address = Number(await program.line());
    await using rest = await AtRest.of(program.pid, maxDescriptors);
    const before = await rest.row();
    const runtime = runtimeOf(program.pid);
    try {
      await using memory = await open(`/proc/${program.pid}/mem`, 'r+');
      await memory.write(Buffer.alloc(16 * MIB, 1), 0, 16 * MIB, address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      return skip('this user may not write to the memory of another process: see ptrace_scope in proc_sys_kernel(5)');
    }
    const after = await rest.row();
    expect((after?.memory?.rss ?? 0) - (before?.memory?.rss ?? 0)).toBeGreaterThanOrEqual(15 * MIB);
    expect(runtimeOf(program.pid)).toBe(runtime);
  });

  test('has neither its row nor its file when it has ended', async () => {
    using program = new Compiled(PROGRAM);
    await program.line();
    await using rest = await AtRest.of(program.pid, maxDescriptors);
    await program.end();
    const table = await rest.table();
    expect(table.get(program.pid)).toBeUndefined();
    expect([...table.ended]).toContain(program.pid);
    expect(filesOf(program.pid)).toEqual([]);
  });

  test('is of the process that has its number', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    using python = await Python.start();
    const rests: AtRest[] = [];
    const pid = await recycled(python, async (first) => rests.push(await AtRest.of(first, maxDescriptors)));
    const table = await rests.at(-1)?.table();
    for (const rest of rests) await rest[Symbol.asyncDispose]();
    expect([...(table?.ended ?? [])]).toContain(pid);
    expect([...(table?.started ?? [])]).toContain(pid);
  });
});

describe('a sampler', () => {
  test('leaves one file of it open, whatever it does', async () => {
    using program = new Compiled(PROGRAM);
    await program.line();
    await using rest = await AtRest.of(program.pid);
    const counts: number[] = [];
    for (let runs = 0; runs < 5; runs++) {
      await program.line('run busy');
      await rest.row();
      counts.push(filesOf(program.pid).length);
    }
    expect(counts).toEqual([1, 1, 1, 1, 1]);
    expect(filesOf(program.pid)).toEqual(['stat']);
  });
});

function used(row: Row): number {
  return (row?.cpuTimes?.user ?? Number.NaN) + (row?.cpuTimes?.system ?? Number.NaN);
}

function ofChildren(row: Row): number {
  return (row?.cpuTimes?.childrenUser ?? Number.NaN) + (row?.cpuTimes?.childrenSystem ?? Number.NaN);
}
