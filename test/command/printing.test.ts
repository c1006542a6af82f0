import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../packages/client/dist/cli/examples.mjs';
import { program } from '../../packages/client/dist/cli/program.mjs';
import { shell } from '../cli-child.js';
import { COMMAND, psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { prlimit } from '../processes/proc.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';
import { Terminal } from './terminal.js';

const PID = String(process.pid);

/** The lines that the command prints, until the caller has seen enough of them. */
async function* linesOf(args: readonly string[]): AsyncGenerator<string> {
  const printing = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    yield* createInterface({ input: printing.stdout });
  } finally {
    printing.kill();
  }
}

describe('--no-headers', () => {
  it.each([
    ['scan'],
    ['scan', '--csv'],
    ['connections', PID],
    ['fds', PID],
    ['maps', PID],
    ['env', PID],
    ['tree', PID],
    ['groups', PID],
    ['rlimit', PID],
  ])('of %s %s leaves the heads out, and nothing else', async (...args) => {
    const heads = (await psutilExtra(args)).stdout.split('\n')[0] as string;
    expect(heads).toMatch(/PID|RESOURCE|^ *FD|START|NAME|^pid/);
    const { code, stdout } = await psutilExtra([...args, '--no-headers']);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]?.split(/ +/)).not.toEqual(heads.split(/ +/));
  });

  it('of top leaves out what is said of all processes too', async () => {
    const { stdout } = await psutilExtra(['top', '-n', '1', '-d', '0.1', '--limit', '1', '--no-headers']);
    expect(stdout).toMatch(/^ *\d+ .*\n$/);
  });

  it('is not for formats without heads', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--json', '--no-headers']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be used with');
  });

  it('of --watch on a terminal leaves the line about all processes alone', async ({ skip }) => {
    skip(...lacking.tmux);
    const watch = [process.execPath, COMMAND, 'scan', '-p', PID, '--no-headers', '--watch', '60'];
    using terminal = new Terminal(80, 6, watch);
    const lines = await until('it is drawn', () => {
      const screen = terminal.screen();
      return screen.length === 2 ? screen : undefined;
    });
    expect(lines[0]).toMatch(/^1 process: /);
    expect(lines[1]).toMatch(new RegExp(`^ +${PID} `));
    terminal.press('q');
    await until('q ends it', () => terminal.screen().join() === 'ended with 0');
  });
});

describe('--color', () => {
  const BOLD = '\u001b[1mPID';

  it.each([
    { when: 'always', env: { NO_COLOR: '1' }, is: true },
    { when: 'never', env: { FORCE_COLOR: '1' }, is: false },
    { when: 'auto', env: { FORCE_COLOR: '1', NO_COLOR: '' }, is: true },
    { when: 'auto', env: { FORCE_COLOR: undefined, NO_COLOR: '' }, is: false },
  ])('$when with $env: $is', async ({ when, env, is }) => {
    const { stdout } = await psutilExtra(['scan', '--color', when, '-p', PID], env);
    expect(stdout.replace(/^ */, '').includes(BOLD)).toBe(is);
  });

  it('names what it takes', async () => {
    const { code, stderr } = await psutilExtra(['tree', '--color', 'red']);
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are auto, always, never. See');
  });
});

describe('self', () => {
  it.each([['show'], ['scan', '-p'], ['groups'], ['signals']])('of %s %s is the command itself', async (...args) => {
    const { code, stdout } = await psutilExtra([...args, 'self', '--json']);
    const [{ pid }] = JSON.parse(stdout) as [{ pid: number }];
    expect({ code, isAnother: pid !== process.pid && pid > 0 }).toEqual({ code: 0, isAnother: true });
  });

  it.each(['fds', 'maps', 'env', 'connections', 'tree', 'rlimit'])('of %s is accepted', async (command) => {
    expect(await psutilExtra([command, 'self', '--json'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('is the number that the proc filesystem has for it', async () => {
    const [root, own] = await Promise.all(
      ['/proc/', '/proc'].map((path) => psutilExtra(['env', '--proc-root', path, 'self', '--no-headers'])),
    );
    expect(root).toMatchObject({ code: 0, stdout: own?.stdout });
  });

  it.each(['kill', 'wait'])('is refused by %s', async (command) => {
    const { code, stderr } = await psutilExtra([command, 'self']);
    expect(code).toBe(2);
    expect(stderr).toContain(`It is this command itself. See psutil-extra ${command} --help\n`);
  });
});

describe('a PID that no process has', () => {
  it.each(['show', 'rlimit', 'groups', 'signals', 'fds', 'maps', 'env', 'connections', 'tree', 'kill', 'wait'])(
    'is one line of %s, which says what to do',
    async (command) => {
      for (const pid of [UNUSED_PID, 99_999_999]) {
        expect(await psutilExtra([command, String(pid)])).toEqual({ code: 3, stdout: '', stderr: noProcess(pid) });
      }
    },
  );

  it('is no PID if no system has so large ones', async () => {
    const { code, stderr } = await psutilExtra(['show', '4294967297']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('It is not a PID. See psutil-extra show --help\n'),
    });
  });
});

describe('a wrong command line', () => {
  it.each([
    [[], /./],
    [['scna'], /^psutil-extra: unknown command 'scna' \(Did you mean scan\?\); see psutil-extra --help\n$/],
    [
      ['scan', '--jsn'],
      /^psutil-extra: unknown option '--jsn' \(Did you mean --json\?\); see psutil-extra scan --help\n$/,
    ],
    [['show'], /^psutil-extra: missing required argument 'pid'; see psutil-extra show --help\n$/],
  ])('is one line: %j', async (args, message) => {
    const { code, stderr } = await psutilExtra(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('a limit in bytes', () => {
  it.each([
    ['as=2G', 2 * 2 ** 30],
    ['as=1.5GiB', 1.5 * 2 ** 30],
    ['core=512k', 512 * 1024],
    ['core=1M:2M', 2 ** 20],
  ])('may have a suffix: %s', async (request, soft) => {
    using child = await sleeper();
    expect(await psutilExtra(['rlimit', String(child.pid), request])).toMatchObject({ code: 0, stderr: '' });
    expect(prlimit(child.pid, request.split('=')[0] as string)).toMatchObject({ soft });
  });

  it.each([
    ['nofile=1K', "'1K': nofile is in files and takes no suffix"],
    ['as=1X', "'as=1X' is not RESOURCE=SOFT:HARD"],
    ['as=1.G', "'as=1.G' is not RESOURCE=SOFT:HARD"],
    ['as=16E', 'a limit is at most'],
  ])('is refused: %s', async (request, message) => {
    const { code, stderr } = await psutilExtra(['rlimit', PID, request]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('--watch --ndjson', () => {
  it('prints an object for each process of each reading, with what has changed', async () => {
    await using child = await shell('ulimit -n 256');
    const args = ['scan', '-p', String(child.pid), '--ndjson', '--watch', '0.1', '-o', 'name,rlimits'];
    const changes: string[] = [];
    let isSet = false;
    let isKilled = false;
    for await (const line of linesOf(args)) {
      const { time, change, ...rest } = JSON.parse(line) as { time: number; change: string; pid: number };
      expect(Object.keys(rest)).toEqual(['pid', 'name', 'rlimits']);
      expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
      if (changes.at(-1) !== change) changes.push(change);
      if (!isSet) {
        isSet = true;
        await psutilExtra(['rlimit', String(child.pid), 'nofile=128:256']);
      }
      // Lines of earlier readings may follow.
      if (!isKilled && changes.length > 1 && change === 'same') {
        isKilled = true;
        process.kill(child.pid, 'SIGKILL');
      }
      if (change === 'gone') break;
    }
    expect(changes.join(' ')).toMatch(/^same changed same (?:changed )*gone$/);
  });
});

describe('an age', () => {
  it('that has grown is no change', async () => {
    const args = ['scan', '-p', PID, '--watch', '0.4', '-o', 'startTime', '--no-headers'];
    const lines = new Set<string>();
    for await (const line of linesOf(args)) {
      if (line !== '') lines.add(line);
      if (lines.size === 3) break;
    }
    for (const line of lines) expect(line).toMatch(new RegExp(`^ +${PID} +\\w+[smh]$`));
  });
});

describe('the examples in help', () => {
  const lines = Object.values(EXAMPLES).flatMap((examples) => examples.map(([line]) => line));

  it.each(lines)('%s is a command line that is understood', async (line) => {
    const command = program();
    const understood: string[] = [];
    for (const each of command.commands) each.action(() => void understood.push(each.name()));
    await command.parseAsync(line.replace(/ > .*/, '').split(' '), { from: 'user' });
    expect(understood).toHaveLength(1);
  });

  it('are in the help of each command that reads or changes processes, and of the program', async () => {
    for (const [command, examples] of Object.entries(EXAMPLES)) {
      if (examples.length === 0) continue;
      const { stdout } = await psutilExtra(command === 'psutil-extra' ? ['--help'] : [command, '--help']);
      for (const [line] of examples) expect(stdout).toContain(`  psutil-extra ${line} `);
    }
    const names = program().commands.map((command) => command.name());
    expect(Object.keys(EXAMPLES)).toEqual(['psutil-extra', ...names]);
  });
});

function noProcess(pid: number): string {
  return `psutil-extra: no process with PID ${pid}; run psutil-extra list to see all PIDs\n`;
}
