import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { COMMAND, psutilExtra } from '../../cli-command.js';
import { stateOf, statOf } from '../../processes/proc.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';

const QUIET = { stdio: 'ignore' } as const;
const SOON = ['--interval', '0.2'];

/** What `--ndjson` prints, parsed. */
async function objects(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await psutilExtra(['top', '--ndjson', ...SOON, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Clock ticks. */
function usedBy(pid: number): number {
  return Number(statOf(pid)?.[11] ?? 0);
}

describe('psutil-extra top in a pipe', () => {
  it('prints as many tables as it is asked for, each with a summary', async () => {
    const { code, stdout, stderr } = await psutilExtra(['top', ...SOON, '--samples', '3', '--count', '2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const tables = stdout.split('\n\n').map((table) => table.trimEnd().split('\n'));
    expect(tables).toHaveLength(3);
    for (const [summary, heads, ...rows] of tables) {
      expect(summary).toMatch(
        /^\d+ processes: \+ \d+ new, - \d+ ended {3}CPU [\d.]+ % of \d+ in \d+\.\d s {3}[\d:]{8}$/,
      );
      expect(heads).toMatch(/^ *PID {2}USER +S +CPU% +RSS +TIME {2}COMMAND$/);
      expect(rows).toHaveLength(2);
    }
  });

  it('prints until the reader closes the pipe, and no error', async () => {
    const printing = spawn(process.execPath, [COMMAND, 'top', '--interval', '0.1', '--count', '1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(printing, 'close');
    const complaints = text(printing.stderr);
    let tables = 0;
    for await (const line of createInterface({ input: printing.stdout })) {
      // More often than the number of listeners at which Node warns.
      if (line.includes(' processes: ') && ++tables === 13) break;
    }
    printing.stdout.destroy();
    expect(await complaints).toBe('');
    expect(await ended).toEqual([0, null]);
  });

  it('has the named fields as columns, and a summary', async () => {
    using _ = new Spawned(['sh', '-c', 'while :; do :; done'], QUIET);
    const args = ['top', ...SOON, '--samples', '1', '--fields', 'name,ioRates,threads', '--sort', 'pid'];
    const { stdout } = await psutilExtra(args);
    const [summary, heads, ...rows] = stdout.trimEnd().split('\n');
    // Of all processes, though no column has it.
    expect(Number(/ CPU ([\d.]+) %/.exec(summary ?? '')?.[1])).toBeGreaterThan(0);
    expect(heads).toMatch(/^ *PID {2}COMMAND +READ\/s +WRITE\/s +THREADS$/);
    const pids = rows.map((line) => Number.parseInt(line, 10));
    expect(pids).toEqual([...pids].sort((a, b) => a - b));
  });

  it('has command lines in the column of the program', async () => {
    using asleep = new Spawned(['sleep', `304.${process.pid}`], QUIET);
    const { stdout } = await psutilExtra(['top', ...SOON, '--samples', '1', '--fields', 'name', '--full']);
    expect(stdout).toMatch(new RegExp(`\\n *${asleep.pid} {2}sleep 304[.]${process.pid}\\n`));
  });

  it('draws a tree', async () => {
    using parent = new Spawned(['sh', '-c', 'sleep 300 & wait'], { stdio: 'ignore', detached: true });
    try {
      const args = ['top', ...SOON, '--samples', '1', '--fields', 'name', '--tree', '--name', '^(sh|sleep)$'];
      const { stdout } = await psutilExtra(args);
      expect(stdout).toMatch(new RegExp(`\\n *${parent.pid} {2}sh\\n *\\d+ {2}└─ sleep\\n`));
    } finally {
      process.kill(-parent.pid, 'SIGKILL');
    }
  });
});

describe('psutil-extra top --ndjson', () => {
  it('prints an object for each process of each sample, with its time', async () => {
    const before = Date.now();
    const printed = await objects('--samples', '2', '--full');
    const times = [...new Set(printed.map(({ time }) => time as number))];
    expect(times).toHaveLength(2);
    expect(times[0]).toBeGreaterThan(before);
    expect(times[1]).toBeGreaterThan(times[0] as number);
    const me = printed.filter(({ pid }) => pid === process.pid);
    expect(me).toHaveLength(2);
    expect(Object.keys(me[0] as object)).toEqual(
      'time pid name ppid startTime state uids cpuPercent memory cpuTimes cmdline'.split(' '),
    );
    expect(me[1]).toMatchObject({
      ppid: process.ppid,
      memory: { rss: expect.any(Number) },
      cmdline: readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1),
    });
  });

  it('has only the named fields, and as many processes as are asked for, the busiest first', async () => {
    using busy = new Spawned(['sh', '-c', `: busy-${process.pid}; while :; do :; done`], QUIET);
    using idle = new Spawned(['sh', '-c', `: busy-${process.pid}; sleep 300`], QUIET);
    await until('one works, and the other one waits', () => usedBy(busy.pid) > 0 && stateOf(idle.pid) === 'S');
    // Not in the form in which the command has it in its own command line. A second, so that others cannot take all of it.
    const chosen = ['--interval', '1', '--fields', 'cpuPercent', '--full', '--name', `busy[-]${process.pid}`];
    const all = await objects('--samples', '1', ...chosen);
    expect(all.map(({ pid }) => pid)).toEqual([busy.pid, idle.pid]);
    const printed = await objects('--samples', '1', '--count', '1', ...chosen);
    expect(Object.keys(printed[0] as object)).toEqual(['time', 'pid', 'cpuPercent']);
    expect(printed).toMatchObject([{ pid: busy.pid }]);
    expect(printed[0]?.['cpuPercent']).toBeGreaterThan(0);
  });

  it('sorts by command lines that it does not print', async () => {
    const started = ['302', '303', '301'].map((seconds) => new Spawned(['sleep', `${seconds}.${process.pid}`], QUIET));
    try {
      const [b, c, a] = started.map(({ pid }) => pid);
      const printed = await objects('--samples', '1', '--fields', 'name', '--name', '^sleep$', '--sort', 'cmdline');
      const pids = printed.map(({ pid }) => pid as number);
      expect(pids.filter((pid) => started.some((each) => each.pid === pid))).toEqual([a, b, c]);
      expect(printed[0]).toEqual({ time: expect.any(Number), pid: expect.any(Number), name: 'sleep' });
    } finally {
      for (const each of started) each[Symbol.dispose]();
    }
  });

  it('chooses by a part of the command line', async () => {
    using asleep = new Spawned(['sleep', `301.${process.pid}`], QUIET);
    const printed = await objects('--samples', '1', '--full', '--name', `^sleep 301[.]${process.pid}$`);
    expect(printed).toMatchObject([{ pid: asleep.pid, cmdline: ['sleep', `301.${process.pid}`] }]);
  });
});

describe('psutil-extra top refuses', () => {
  it.each([
    { args: ['--interval', '0'], says: 'Expected a time from 0.1s to 1d' },
    { args: ['--count', '0'], says: 'It is not a number of at least 1.' },
    { args: ['--samples', 'two'], says: 'It is not a number of at least 1.' },
    {
      args: ['--sort', 'size'],
      says: "--sort: unknown column 'size'; valid columns are pid, user, state, cpu, read, write, rss",
    },
    { args: ['--fields', 'nme'], says: "--fields: unknown field 'nme'; valid fields are cpuPercent, ioRates, name" },
    { args: ['--ndjson', '--tree'], says: 'cannot be used with option' },
    { args: ['--intervall', '1'], says: '(Did you mean --interval?)' },
    { args: ['--user', 'no such user'], says: "--user: there is no user 'no such user'" },
    { args: ['1234'], says: 'too many arguments' },
  ])('$args', async ({ args, says }) => {
    const { code, stdout, stderr } = await psutilExtra(['top', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});
