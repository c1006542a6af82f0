import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { kilobytes, ps, statOf, statusLine } from '../processes/proc.js';
import { psutil } from '../processes/psutil.js';
import { Python } from '../processes/python.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
/** It has worked, had children, read and written, and sleeps from then on. */
let worked: Python;
const TICK = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

beforeAll(async () => {
  worked = await Python.start();
  await worked.run('deadline = time.process_time() + 0.2');
  await worked.run('any(time.process_time() > deadline for _ in iter(int, 1))');
  await worked.run('os.system("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 0")');
  await worked.run('block = bytearray(b"x") * (64 << 20)');
  await worked.run('memory = os.memfd_create("x"); os.write(memory, block[:1 << 20]); os.pread(memory, 1 << 19, 0)');
});

afterAll(async () => {
  worked[Symbol.dispose]();
  await client.close();
});

/** A number of `/proc/PID/stat`, by its position in proc_pid_stat(5). */
const stat = (pid: number, position: number) => Number(statOf(pid)?.[position - 3]);

describe('cpuTimes', () => {
  test('are the ticks of stat in milliseconds', async () => {
    const { pid } = worked;
    const [user, system, childrenUser, childrenSystem] = [14, 15, 16, 17].map((at) => stat(pid, at) * TICK);
    const ioWait = stat(pid, 42) * TICK;
    expect(await client.cpuTimes(pid)).toEqual({ user, system, childrenUser, childrenSystem, ioWait });
  });

  test('are what the process reports of itself, and of children that it waited for', async () => {
    const times = (await worked.run<number[]>('list(os.times())')).map((seconds) => seconds * 1000);
    const { user, system, childrenUser, childrenSystem } = await client.cpuTimes(worked.pid);
    expect(user + system).toBeGreaterThanOrEqual(180);
    expect(childrenUser + childrenSystem).toBeGreaterThan(0);
    for (const [i, value] of [user, system, childrenUser, childrenSystem].entries()) {
      expect(Math.abs(value - (times[i] as number))).toBeLessThanOrEqual(3 * TICK);
    }
  });
});

describe('memory', () => {
  test('is statm in bytes', async () => {
    const { pid } = worked;
    const page = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
    const [vms, rss, shared, text, , data] = readFileSync(`/proc/${pid}/statm`, 'utf8')
      .split(' ')
      .map((pages) => Number(pages) * page);
    expect(await client.memory(pid)).toEqual({ rss, vms, shared, text, data });
  });

  test('is what ps and psutil report', async ({ skip }) => {
    const { rss, vms } = await client.memory(worked.pid);
    expect(ps(worked.pid, 'rss', 'vsz').map((kilo) => Number(kilo) * 1024)).toEqual([rss, vms]);
    skip(...lacking.psutil);
    expect(psutil(worked.pid, 'p.memory_info()[:2]')).toEqual([rss, vms]);
  });
});

test('memoryDetail has the lines of status in bytes', async () => {
  const line = (key: string) => kilobytes(statusLine(worked.pid, key));
  expect(await client.memoryDetail(worked.pid)).toEqual({
    peakRss: line('VmHWM'),
    peakVms: line('VmPeak'),
    anonymous: line('RssAnon'),
    file: line('RssFile'),
    shmem: line('RssShmem'),
    swap: line('VmSwap'),
    hugetlb: line('HugetlbPages'),
    locked: line('VmLck'),
    pinned: line('VmPin'),
    stack: line('VmStk'),
    library: line('VmLib'),
    pageTables: line('VmPTE'),
  });
});

describe('memoryFootprint', () => {
  /** Pages of the interpreter are private or shared by whether another one runs, such as psutil's. */
  const PART = 16 << 20;

  test('is smaps_rollup: private pages, and the share of the others', async () => {
    const text = readFileSync(`/proc/${worked.pid}/smaps_rollup`, 'utf8');
    const of = (key: string) => kilobytes(new RegExp(`^${key}:(.*)$`, 'm').exec(text)?.[1]);
    const { uss, pss, swap } = (await client.memoryFootprint(worked.pid)) ?? {};
    expect(uss).toBeGreaterThan(64 << 20);
    expect(Math.abs((uss ?? 0) - of('Private_Clean') - of('Private_Dirty') - of('Private_Hugetlb'))).toBeLessThan(PART);
    expect(Math.abs((pss ?? 0) - of('Pss'))).toBeLessThan(PART);
    expect(swap).toBe(of('Swap'));
  });

  test('is what psutil reports', async ({ skip }) => {
    skip(...lacking.psutil);
    const { uss, pss, swap } = (await client.memoryFootprint(worked.pid)) ?? {};
    const theirs = psutil(
      worked.pid,
      '[getattr(p.memory_full_info(), each) for each in ("uss", "pss", "swap")]',
    ) as number[];
    for (const [i, value] of [uss, pss, swap].entries()) {
      expect(Math.abs((value ?? 0) - (theirs[i] as number))).toBeLessThan(PART);
    }
  });
});

test('pageFaults are those of stat and ps', async () => {
  const { pid } = worked;
  const faults = await client.pageFaults(pid);
  const [minor, childrenMinor, major, childrenMajor] = [10, 11, 12, 13].map((at) => stat(pid, at));
  expect(faults).toEqual({ minor, major, childrenMinor, childrenMajor });
  expect(ps(pid, 'min_flt', 'maj_flt').map(Number)).toEqual([faults.minor, faults.major]);
  // It has touched 64 MiB and had a child.
  expect(faults.minor).toBeGreaterThan(30);
  expect(faults.childrenMinor).toBeGreaterThan(10);
});

test('contextSwitches are those of status, and rise when the process waits', async () => {
  const { pid } = worked;
  const before = await client.contextSwitches(pid);
  expect(before).toEqual({
    voluntary: Number(statusLine(pid, 'voluntary_ctxt_switches')),
    involuntary: Number(statusLine(pid, 'nonvoluntary_ctxt_switches')),
  });
  await worked.run('[time.sleep(0.001) for _ in range(5)]');
  expect((await client.contextSwitches(pid)).voluntary).toBeGreaterThanOrEqual(before.voluntary + 5);
});

describe('io', () => {
  test('has the lines of io', async () => {
    const text = readFileSync(`/proc/${worked.pid}/io`, 'utf8');
    const of = (key: string) => Number(new RegExp(`^${key}: (\\d+)$`, 'm').exec(text)?.[1]);
    expect(await client.io(worked.pid)).toEqual({
      readBytes: of('read_bytes'),
      writeBytes: of('write_bytes'),
      readChars: of('rchar'),
      writeChars: of('wchar'),
      reads: of('syscr'),
      writes: of('syscw'),
      cancelledWriteBytes: of('cancelled_write_bytes'),
    });
  });

  test('counts what is read and written', async () => {
    const before = await client.io(worked.pid);
    await worked.run(
      '[os.pwrite(memory, block[:1000], 0) for _ in range(100)], [os.pread(memory, 500, 0) for _ in range(50)]',
    );
    const after = await client.io(worked.pid);
    expect(after.writes - before.writes).toBeGreaterThanOrEqual(100);
    expect(after.writeChars - before.writeChars).toBeGreaterThanOrEqual(100_000);
    expect(after.reads - before.reads).toBeGreaterThanOrEqual(50);
    expect(after.readChars - before.readChars).toBeGreaterThanOrEqual(25_000);
  });
});

describe('threadList', () => {
  test('has each thread by number, with its own name, state and time', async () => {
    using python = await Python.start();
    const named = await python.run<number>('thread()');
    const busy = await python.run<number>(
      '(lambda t: (t.start(), t.native_id)[1])(threading.Thread(target=lambda: any(False for _ in iter(int, 1)), daemon=True))',
    );
    await python.run(`open("/proc/self/task/${named}/comm", "wb").write(b"a) S (\\nb\\xff")`);
    await python.run('time.sleep(0.3)');
    const list = await until('the first thread waits for the next line', async () => {
      const threads = await client.threadList(python.pid);
      return threads[0]?.state === 'sleeping' ? threads : null;
    });
    expect(list.map(({ tid }) => tid)).toEqual(readdirSync(`/proc/${python.pid}/task`).map(Number));
    expect(list[0]).toMatchObject({ tid: python.pid, name: 'python3', state: 'sleeping' });
    const of = (wanted: number) => list.find(({ tid }) => tid === wanted);
    expect(of(named)).toMatchObject({ name: 'a) S (\nb\ufffd', state: 'sleeping', cpuTimes: { user: 0 } });
    expect(of(busy)?.cpuTimes.user).toBeGreaterThan(50);
  });

  test('is what psutil reports', async ({ skip }) => {
    skip(...lacking.psutil);
    using python = await Python.start();
    await python.run('thread(), thread()');
    const theirs = psutil(python.pid, 'p.threads()') as [number, number, number][];
    const ours = (await client.threadList(python.pid)).map(({ tid, cpuTimes }) => [
      tid,
      cpuTimes.user / 1000,
      cpuTimes.system / 1000,
    ]);
    expect(ours).toEqual(theirs);
  });
});
