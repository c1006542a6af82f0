import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { createClient } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { named, shell } from '../cli-child.js';
import { COMMAND, outcomeOf, psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { until } from '../processes/until.js';
import { Terminal } from './terminal.js';

const NAME = `psx-w-${process.pid}`;
const SCAN = [process.execPath, COMMAND, 'scan'];

describe('--watch on a terminal', () => {
  it('draws what fits in place, and marks processes that are new, changed or gone', async ({ skip }) => {
    skip(...lacking.tmux);
    await using client = createClient({ threads: 1 });
    // Of a name that no other test's processes have, which would need more room than there is.
    await using changing = await named(NAME);
    using terminal = new Terminal(80, 12, [
      ...SCAN,
      '--audit',
      '--watch',
      '1',
      '--name',
      `^${NAME}$`,
      '--sort',
      '-pid',
    ]);
    // A mark stays for one picture, which may be drawn over before the test looks.
    const marked = (mark: string, pid: number) => () => terminal.hasDrawn(new RegExp(`^${mark} *${pid} `));
    await until('the first picture', marked(' ', changing.pid));
    await client.rlimit(changing.pid, 'RLIMIT_NOFILE', { soft: 77, hard: 777 });
    await until('its change is marked', marked('~', changing.pid));
    let passing: number;
    {
      await using begun = await named(NAME);
      passing = begun.pid;
      await until('the new one is marked', marked('\\+', passing));
    }
    await until('the one that has ended is marked', marked('-', passing));
    expect(terminal.screen()[0]).toMatch(
      /^\d+ process(?:es)?: \+ \d+ new, ~ \d+ changed, - \d+ ended {3}[\d:]{8}, every/,
    );
    expect(terminal.screen().length).toBeLessThanOrEqual(12);
    terminal.press('q');
    await until('q ends it, and the first screen is back', () => terminal.screen().join() === 'ended with 0');
  });

  it('scrolls by keys and follows the size of the terminal', async ({ skip }) => {
    skip(...lacking.tmux);
    using terminal = new Terminal(60, 8, [...SCAN, '--watch', '60', '--fields', 'name', '--sort', 'pid']);
    const first = () => Number.parseInt(terminal.screen()[2]?.slice(1) ?? '', 10);
    const top = await until('the first picture', () => first() || undefined);
    terminal.press('Down');
    const second = await until('the next line is the first', () => (first() > top ? first() : undefined));
    terminal.press('End');
    await until('the last lines are there', () => first() > second);
    terminal.press('Home');
    await until('the first line is back', () => first() === top);
    terminal.resize(40, 5);
    await until('it fits in the smaller one', () => terminal.screen().length === 5 && first() === top);
    terminal.press('C-c');
    await until('^C ends it as well', () => terminal.screen().join() === 'ended with 0');
  });

  it('restores the terminal when a signal ends it', async ({ skip }) => {
    skip(...lacking.tmux);
    const marker = `^sh-${process.pid}$`;
    using terminal = new Terminal(60, 8, [...SCAN, '--watch', '60', '--name', marker]);
    await until('the first picture', () => terminal.screen()[0]?.startsWith('0 processes'));
    const { stdout } = await outcomeOf('pgrep', ['-f', `scan --watch 60 --name .sh-${process.pid}.$`]);
    expect(stdout).not.toBe('');
    for (const pid of stdout.trim().split('\n').map(Number)) if (pid !== process.pid) process.kill(pid, 'SIGTERM');
    await until('the shell says how it ended', () => terminal.screen().some((line) => line === 'ended with 143'));
  });
});

describe('--watch in a pipe', () => {
  it('prints one table below the other until the reader closes it, and prints no error', async () => {
    await using child = await shell('umask 022');
    const args = [COMMAND, 'scan', '--watch', '0.1', '--fields', 'umask'];
    const watching = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(watching, 'close');
    const complaints = text(watching.stderr);
    let tables = 0;
    let lines = 0;
    for await (const line of createInterface({ input: watching.stdout })) {
      if (/^ +PID +UMASK/.test(line)) tables++;
      if (Number.parseInt(line.slice(1), 10) === child.pid) lines++;
      // More often than the number of listeners at which Node warns.
      if (tables === 13) break;
    }
    watching.stdout.destroy();
    expect(lines).toBe(12);
    expect(await complaints).toBe('');
    expect(await ended).toEqual([0, null]);
  });

  it.each(['0', '-1', 'soon', '1e9', '2d', '5x'])('refuses to wait %s', async (time) => {
    const { code, stderr } = await psutilExtra(['scan', `--watch=${time}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected a time from 0.1s to 1d, in seconds or with a unit, such as 30m.');
  });
});

describe('colours', () => {
  const RED = '\u001b[31m';

  it('are those of a terminal, and none with NO_COLOR', async ({ skip }) => {
    skip(...lacking.tmux);
    const command = [...SCAN, '--fields', 'umask', '--name', '^no such name$'];
    for (const [env, isBold] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
    ] as const) {
      using terminal = new Terminal(80, 10, command, env);
      await until('it has ended', () => terminal.screen().some((line) => line === 'ended with 5'));
      expect(terminal.coloured().includes('\u001b[1mUMASK')).toBe(isBold);
    }
  });

  it.each([
    { env: {}, isRed: false },
    { env: { FORCE_COLOR: '1' }, isRed: true },
    { env: { FORCE_COLOR: '0' }, isRed: false },
    { env: { FORCE_COLOR: '1', NO_COLOR: '1' }, isRed: false },
  ])('in a pipe are used only if requested: $env', async ({ env, isRed }) => {
    await using child = await shell('umask 000');
    const { stdout } = await psutilExtra(['scan', '--fields', 'umask'], {
      NO_COLOR: '',
      FORCE_COLOR: undefined,
      ...env,
    });
    const line = stdout.split('\n').find((each) => Number.parseInt(each, 10) === child.pid);
    expect(line?.includes(RED)).toBe(isRed);
  });
});

describe('names on a narrow terminal', () => {
  it('are shortened, and lists count what is left out, before a line is cut', async () => {
    await using child = await shell("trap '' HUP INT QUIT USR1 USR2 ALRM TERM");
    const args = ['scan', '--fields', 'name,sigmasks,rlimits'];
    const lineAt = async (COLUMNS: string) =>
      (await psutilExtra(args, { COLUMNS })).stdout.split('\n').find((line) => Number.parseInt(line, 10) === child.pid);
    expect(await lineAt('300')).toContain(' HUP,INT,QUIT,USR1,USR2,ALRM,TERM ');
    expect(await lineAt('70')).toMatch(/ HUP(,\w+)*,\+\d .*\d+\/\w+$/);
  });
});

describe('progress', () => {
  it('is shown on a terminal while reading takes over a second, and is gone afterwards', async ({ skip }) => {
    skip(...lacking.tmux);
    // No program can hold a thread back here, so a slow client stands in for one.
    const module = new URL('../../packages/client/dist/cli/progress.mjs', import.meta.url).href;
    const program = `const { withProgress } = await import('${module}');
      const client = { stats: () => ({ reads: { status: 1234 } }) };
      await withProgress('reading processes', client, new Promise((resolve) => setTimeout(resolve, 2500)));`;
    using terminal = new Terminal(80, 5, [process.execPath, '--input-type=module', '--eval', program]);
    await until('the line is there', () => terminal.hasDrawn(/^reading processes: 1,234 reads in \d s$/));
    await until('it is gone', () => terminal.screen().join() === 'ended with 0');
  });
});
