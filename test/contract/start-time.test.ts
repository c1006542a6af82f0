import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { createClient, NotSupportedError } from 'psutil-extra';
import { expect, test } from 'vitest';
import { psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { startTicks } from '../processes/proc.js';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';
import { rejection } from '../processes/rejection.js';

/** What a process's start time is by the documented rule. */
function ruled(pid: number): number {
  const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
  return boot * 1000 + (startTicks(pid) * 1000) / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
}

test('a start time is the boot in whole seconds and the ticks since, the same in every call, client and program', async () => {
  const expected = ruled(process.pid);
  for (const options of [
    { threads: 1 },
    { threads: 2 },
    { source: 'procfs' },
    { procRoot: '/proc/self/root/proc' },
  ] as const) {
    await using client = createClient(options);
    expect(await client.startTime(process.pid)).toBe(expected);
    expect((await client.process(process.pid)).startTime).toBe(expected);
    expect((await client.snapshot(process.pid, { fields: ['startTime'] })).startTime).toBe(expected);
    const table = await client.scan({ fields: ['startTime'] });
    expect(table.get(process.pid)?.startTime).toBe(expected);
    expect(table.column('startTime')[table.pids.indexOf(process.pid)]).toBe(expected);
    expect(await client.oneshot(process.pid, (scope) => scope.startTime())).toBe(expected);
  }
  const answer = await answerOf<number>(
    `import { createClient } from 'psutil-extra';
     const client = createClient();
     console.log(await client.startTime(${process.pid}));`,
  );
  expect(answer).toBe(expected);
});

const SHIFTED = fileURLToPath(new URL('../processes/shifted-clock.c', import.meta.url));

test('it follows a clock that is set, within a client, and not one that drifts', async ({ skip }) => {
  skip(...lacking.namespaces);
  skip(...lacking.preload);
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-clock-'));
  try {
    const [library, stat, shift] = ['shifted.so', 'stat', 'shift'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', library, SHIFTED, '-ldl']);
    writeFileSync(stat, 'btime 1000000000\n');
    writeFileSync(shift, '0\n');
    // The kernel's clock is the machine's. Here /proc/stat is a file, and a second file shifts the C library's clock.
    const seen = await answerOf<number[]>(
      `import { writeFileSync } from 'node:fs';
       import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       const [, stat, shift] = process.argv;
       const seen = [await client.startTime(process.pid)];
       const held = await client.process(process.pid);
       const set = async (seconds) => {
         writeFileSync(shift, seconds + '\\n');
         writeFileSync(stat, 'btime ' + (1e9 + Math.round(seconds)) + '\\n');
         seen.push(await client.startTime(process.pid));
         if (!(await held.isRunning())) throw new Error('it is not another process');
       };
       await set(3600);
       writeFileSync(stat, 'btime 7\\n');
       seen.push(await client.startTime(process.pid));
       await set(3600.3);
       await set(-3600);
       console.log(JSON.stringify(seen));`,
      {
        wrapper: [
          'unshare',
          '--mount',
          'sh',
          '-c',
          'mount --bind "$0" /proc/stat && exec "$@"',
          stat,
          'env',
          `LD_PRELOAD=${library}`,
          `SHIFT=${shift}`,
        ],
        args: [stat, shift],
      },
    );
    const [first, ...later] = seen as [number, ...number[]];
    expect(later.map((each) => each - first)).toEqual([3_600_000, 3_600_000, 3_600_000, -3_600_000]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('where the root has no stat it is not supported, and all else is answered', async () => {
  using root = new RecordedRoot();
  root.add(4321);
  rmSync(join(root.path, 'stat'));
  await using client = createClient({ threads: 1, procRoot: root.path });
  const calls = [client.startTime(4321), client.oneshot(4321, (scope) => scope.startTime())];
  for (const error of await Promise.all(calls.map(rejection))) {
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error).toMatchObject({ code: 'ENOTSUP', pid: 4321, message: expect.stringContaining(`${root.path}/stat`) });
  }
  expect(await client.snapshot(4321, { fields: ['startTime', 'umask'] })).toEqual({
    pid: 4321,
    startTime: null,
    umask: 0o027,
  });
  for (const options of [{}, { pids: [4321] }]) {
    const table = await client.scan({ fields: ['startTime', 'umask'], ...options });
    expect(table.get(4321)).toEqual({ pid: 4321, startTime: null, umask: 0o027 });
    expect(table.error(4321, 'startTime')).toBeInstanceOf(NotSupportedError);
    expect(inspect(table.get(4321))).toContain('startTime: null');
  }
});

test('a Process is known there too: it is read, is running, prints and is JSON, and its start time throws', async () => {
  using root = new RecordedRoot();
  root.add(4321);
  rmSync(join(root.path, 'stat'));
  await using client = createClient({ threads: 1, procRoot: root.path });
  const held = await client.process(4321);
  expect(await held.umask()).toBe(0o027);
  expect(await held.isRunning()).toBe(true);
  expect(() => held.startTime).toThrow(NotSupportedError);
  expect(inspect(held)).toBe('Process { pid: 4321, startTime: not supported }');
  expect(JSON.parse(JSON.stringify(held))).toEqual({ pid: 4321, startTime: null });
  const { stat } = recorded(4321);
  writeFileSync(join(root.path, '4321', 'stat'), stat.replace(' 12345 ', ' 12346 '));
  expect(await held.isRunning()).toBe(false);
});

test('the command says so where it prints one', async () => {
  using root = new RecordedRoot();
  root.add(4321);
  rmSync(join(root.path, 'stat'));
  const shown = await psutilExtra(['show', '--proc-root', root.path, '4321']);
  expect(shown.stdout).not.toMatch(/NaN|Invalid/);
  expect(shown.stdout).toMatch(/startTime.*ENOTSUP/s);
  expect(shown.code).toBe(0);
});

test('with a /proc that shows processes alone it is not supported, by files and by BPF', async ({ skip }) => {
  skip(...lacking.namespaces);
  const answer = await answerOf<unknown[]>(
    `import { createClient } from 'psutil-extra';
     const client = createClient({ threads: 1 });
     const table = await client.scan({ fields: ['startTime', 'umask'] });
     const held = await client.process(process.pid);
     console.log(JSON.stringify([
       await client.startTime(process.pid).catch(({ name }) => name),
       table.get(process.pid).startTime, table.error(process.pid, 'startTime').name, table.source,
       await held.umask() === process.umask(), await held.isRunning(),
     ]));`,
    { wrapper: ['unshare', '--mount', 'sh', '-c', 'mount -t proc -o subset=pid proc /proc && exec "$@"', 'sh'] },
  );
  expect(answer).toEqual(['NotSupportedError', null, 'NotSupportedError', 'procfs', true, true]);
});
