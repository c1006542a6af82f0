import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ageText, cpuTimeText, sizeText } from '../../packages/client/dist/cli/quantities.mjs';
import { shell, withZombie } from '../cli-child.js';
import { psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { HungProcesses } from '../processes/hung.js';
import { sleeper } from '../processes/sleeper.js';

/** What the table has for a process; its command line may have spaces. */
async function lineOf(pid: number, env: NodeJS.ProcessEnv = {}) {
  const { stdout, code } = await psutilExtra(['scan'], env);
  expect(code).toBe(0);
  const line = stdout.split('\n').find((each) => Number.parseInt(each, 10) === pid) ?? '';
  const [, user, time, rss, state, age, command] = /^ *\d+ +(\S+) +(\S+) +(\S+) +(\S+) +(\S+) +(.*)$/.exec(line) ?? [];
  return { line, user, time, rss, state, age, command };
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8' }).trim();
}

describe('the table of scan', () => {
  it('has what ps prints: user, state and command line, and an age', async () => {
    using child = await sleeper(['sh', '-c', 'exec "$@"', 'sh', 'env']);
    const { user, time, state, age, command } = await lineOf(child.pid);
    expect({ user, state, command }).toEqual({
      user: ps(child.pid, 'user:32'),
      state: 'sleeping',
      command: 'sleep 300',
    });
    expect(time).toMatch(/^0:0\d$/);
    // The machine may be slow.
    expect(age).toMatch(/^(?:\d+s|\dm\d\ds)$/);
  });

  it('has the processor time and the resident memory', async () => {
    await using child = await shell(':');
    const { rss, time } = await lineOf(child.pid);
    const kilobytes = Number(ps(child.pid, 'rss'));
    expect(rss).toMatch(/^[\d.]+[KM]$/);
    const shown = Number.parseFloat(rss ?? '') * (rss?.endsWith('M') ? 1024 : 1);
    expect(Math.abs(shown - kilobytes)).toBeLessThan(kilobytes / 2);
    expect(time).toBe(ps(child.pid, 'cputimes') === '0' ? '0:00' : time);
  });

  it('has the name of a kernel thread in brackets, as ps', async ({ skip }) => {
    skip(...lacking.kernelThread);
    expect((await lineOf(2)).command).toBe('[kthreadd]');
    expect(ps(2, 'args')).toBe('[kthreadd]');
  });

  it('marks the name where the command line cannot be read, as of a zombie', async () => {
    await using parent = await withZombie();
    const zombie = () => {
      const [line] = execFileSync('ps', ['--ppid', String(parent.pid), '-o', 'pid=,stat='], { encoding: 'utf8' }).split(
        '\n',
      );
      const [pid = '', state] = line?.trim().split(/ +/) ?? [];
      return state?.startsWith('Z') ? Number(pid) : 0;
    };
    await expect.poll(zombie, { timeout: 20_000 }).toBeGreaterThan(0);
    const { state, command } = await lineOf(zombie());
    expect({ state, command }).toEqual({ state: 'zombie', command: '[sh] ?' });
  });

  it('prints a process whose command line hangs ps, and all others', async ({ skip }) => {
    skip(...lacking.fileSystemsInUserSpace);
    using hung = await HungProcesses.start(1);
    using healthy = await sleeper();
    const { stdout, code } = await psutilExtra(['scan']);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    const commandOf = (pid: number) =>
      lines.find((line) => Number.parseInt(line, 10) === pid)?.replace(/^.* \w+[smh] +/, '');
    expect(commandOf(hung.pids[0] as number)).toBe('[hung] ?');
    expect(commandOf(healthy.pid)).toBe('sleep 300');
  });

  it('shortens the command line to the width of a line, and leaves it whole in a pipe', async () => {
    const long = 'x'.repeat(500);
    using child = await sleeper(['sh', '-c', 'exec sleep 300', long]);
    await using other = await shell(`: ${long}`);
    expect((await lineOf(other.pid)).command).toContain(long);
    const narrow = await lineOf(other.pid, { COLUMNS: '90' });
    expect(narrow.line).toHaveLength(90);
    expect(narrow.command).toMatch(/^sh -c : x+…$/);
    expect((await lineOf(child.pid, { COLUMNS: '90' })).command).toBe('sleep 300');
  });

  it('escapes what a command line has of control characters and marks of direction', async () => {
    await using child = await shell(": 'a\u202eb' '\u001b[31m' 'c\\d'");
    const { command, line } = await lineOf(child.pid);
    expect(command).toContain(": 'a\\u{202e}b' '\\x1b[31m' 'c\\\\d'\\necho ready");
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('can be sorted by its columns', async () => {
    const { stdout } = await psutilExtra(['scan', '--sort', '-rss', '--json', '--fields', 'memory']);
    const rows = JSON.parse(stdout) as { memory: { rss: number } | null }[];
    const sizes = rows.flatMap(({ memory }) => (memory === null ? [] : [memory.rss]));
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    for (const column of ['user', 'time', 'age', 'start', 'command']) {
      expect((await psutilExtra(['scan', '--sort', column])).code).toBe(0);
    }
  });
});

it('a table of --fields cmdline has its words in one line', async () => {
  using child = await sleeper();
  const { stdout } = await psutilExtra(['scan', '--fields', 'cmdline']);
  expect(stdout).toMatch(new RegExp(`^ *${child.pid}  sleep 300$`, 'm'));
});

describe('a size', () => {
  it.each([
    [0, '0'],
    [1023, '1023'],
    [1024, '1.0K'],
    [102_348, '99.9K'],
    [102_400, '100K'],
    [1_047_552, '1023K'],
    [1_048_064, '1.0M'],
    [1.5 * 2 ** 30, '1.5G'],
    [2 ** 60, '1024P'],
  ])('of %i bytes is %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe('processor time', () => {
  it.each([
    [0, '0:00'],
    [59_990, '0:59'],
    [60_000, '1:00'],
    [4_521_000_000, '75350:00'],
  ])('of %i ms is %s', (milliseconds, text) => {
    expect(cpuTimeText(milliseconds)).toBe(text);
  });
});

describe('an age', () => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  it.each([
    // The clock may have been set back.
    [-5, '0s'],
    [59 * SECOND, '59s'],
    [12 * MINUTE + 3 * SECOND, '12m03s'],
    [23 * HOUR + 59 * MINUTE, '23h59m'],
    [41 * DAY + 7 * HOUR, '41d07h'],
  ])('of %i ms is %s', (age, text) => {
    expect(ageText(1_000_000, 1_000_000 + age)).toBe(text);
  });
});
