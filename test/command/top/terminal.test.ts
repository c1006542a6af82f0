import { describe, expect, it } from 'vitest';
import { COMMAND, outcomeOf } from '../../cli-command.js';
import { lacking } from '../../processes/abilities.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { Terminal } from '../terminal.js';

const TOP = [process.execPath, COMMAND, 'top'];
/** Of no other test's processes. */
const SECONDS = `300.${process.pid}`;
const KEYS = 'F1 help  F4 filter  F5 tree  F6 sort  F9 kill  F10 quit';

/** The lines of processes on a screen. */
function listed(terminal: Terminal): string[] {
  return terminal.screen().filter((line) => /^[> ][ *]? *\d+ .* \d+:\d\d /.test(line));
}

async function opened(terminal: Terminal): Promise<void> {
  await until('the first sample', () => listed(terminal).length > 0);
}

/** The PID of the command with this word among its arguments. */
async function pidOf(word: string): Promise<number> {
  const { stdout } = await outcomeOf('pgrep', ['-x', '-f', `${process.execPath} .*${word}`]);
  return Number(stdout);
}

describe('psutil-extra top on a terminal', () => {
  it('filters a process, signals it once that is confirmed, and restores the terminal', async ({ skip }) => {
    skip(...lacking.tmux);
    using asleep = new Spawned(['sleep', SECONDS], { stdio: 'ignore' });
    const ended = new Promise((resolve) => asleep.child.on('exit', (_, signal) => resolve(signal)));
    using terminal = new Terminal(80, 12, [...TOP, '--interval', '0.3', '--full']);
    await opened(terminal);
    terminal.press('/', `sleep ${SECONDS}`, 'Enter');
    await until('it is the only one in the list', () => {
      const [line, another] = listed(terminal);
      return another === undefined && line?.includes(` ${asleep.pid} `) && line.endsWith(`  sleep ${SECONDS}`);
    });
    const asks = () => terminal.screen().at(-1) === `send SIGTERM? y/n, arrows: another   ${asleep.pid} sleep`;
    terminal.press('k');
    await until('it asks', asks);
    terminal.press('n');
    await until('it asks no more', () => terminal.screen().at(-1) === KEYS);
    expect(asleep.running).toBe(true);
    terminal.press('F9');
    await until('it asks again', asks);
    terminal.press('y');
    expect(await ended).toBe('SIGTERM');
    await until('it says so', () => terminal.screen().at(-1) === `sent SIGTERM to ${asleep.pid} sleep`);
    await until('the process is gone', () => listed(terminal).length === 0);
    terminal.press('q');
    await until('q ends it, and the first screen is back', () => terminal.screen().join() === 'ended with 0');
  });

  it('leaves the last sample on the first screen when there are no more', async ({ skip }) => {
    skip(...lacking.tmux);
    using asleep = new Spawned(['sleep', SECONDS], { stdio: 'ignore' });
    const args = ['--interval', '0.1', '--samples', '2', '--full', '--name', `^sleep ${SECONDS}$`];
    using terminal = new Terminal(80, 12, [...TOP, ...args]);
    await until('it has ended', () => terminal.screen().at(-1) === 'ended with 0');
    expect(terminal.screen()).toEqual([
      expect.stringMatching(/^\d+ process/),
      expect.stringMatching(/^ *PID .* COMMAND$/),
      expect.stringMatching(new RegExp(`^ *${asleep.pid} .* sleep ${SECONDS}$`)),
      'ended with 0',
    ]);
  });

  it('measures what a process uses, and has the busiest first', async ({ skip }) => {
    skip(...lacking.tmux);
    using busy = new Spawned(['sh', '-c', `: ${SECONDS}; while :; do :; done`], { stdio: 'ignore' });
    using idle = new Spawned(['sleep', SECONDS], { stdio: 'ignore' });
    using terminal = new Terminal(100, 12, [...TOP, '--full', '--name', SECONDS]);
    const at = ({ pid }: Spawned) => listed(terminal).findIndex((line) => line.includes(` ${pid} `));
    await until('both are there', () => at(busy) >= 0 && at(busy) < at(idle));
    expect(Number(/ [A-Z] +([\d.]+) /.exec(listed(terminal)[at(busy)] ?? '')?.[1])).toBeGreaterThan(0);
    expect(terminal.screen()[0]).toMatch(/^\d+ processes: .* CPU [\d.]+ % of \d+00 in \d\.\d s {3}/);
  });

  it('draws a tree with command lines in the order that keys choose, and lists its keys', async ({ skip }) => {
    skip(...lacking.tmux);
    using parent = new Spawned(['sh', '-c', `sleep ${SECONDS}; true`], { stdio: 'ignore', detached: true });
    try {
      // No second sample comes while the test looks: keys alone make the difference.
      using terminal = new Terminal(100, 40, [...TOP, '--interval', '3600', '--name', '^(sh|sleep)$']);
      await opened(terminal);
      terminal.press('N', 'F5', 'c', '/', SECONDS, 'Enter');
      await until('what is shown', () => terminal.screen()[1] === `by PID; as a tree; 2 with '${SECONDS}'`);
      const programs = await until('the command lines', () => {
        const lines = listed(terminal).map((line) => line.replace(/.* \d+:\d\d {2}/, ''));
        return lines.length === 2 && lines;
      });
      expect(programs).toEqual([`sh -c sleep ${SECONDS}; true`, `└─ sleep ${SECONDS}`]);
      terminal.press('F1');
      await until('the keys', () => terminal.screen().some((line) => line.startsWith('k F9 ')));
      terminal.press('x', 'F10');
      await until('F10 ends it', () => terminal.screen().join() === 'ended with 0');
    } finally {
      process.kill(-parent.pid, 'SIGKILL');
    }
  });

  it('follows the size of the terminal, and scrolls with the bar', async ({ skip }) => {
    skip(...lacking.tmux);
    using terminal = new Terminal(100, 20, [...TOP, '--interval', '3600', '--sort', 'pid']);
    await opened(terminal);
    terminal.resize(44, 5);
    // The terminal itself cuts the lines first; then the bar may be out of sight.
    await until('it fits', () => {
      const lines = terminal.screen();
      return lines.length === 5 && lines.at(-1) === KEYS.slice(0, 44) && (lines[3] ?? '').startsWith('> ');
    });
    const [first] = terminal.screen().slice(3);
    terminal.press('Down');
    await until('the next process is there alone', () => terminal.screen()[3] !== first);
    expect(terminal.screen()[3]).toMatch(/^> /);
    terminal.press('C-c');
    await until('^C ends it', () => terminal.screen().join() === 'ended with 0');
  });

  it('has no escapes for colours with NO_COLOR', async ({ skip }) => {
    skip(...lacking.tmux);
    using terminal = new Terminal(80, 10, [...TOP, '--interval', '3600'], { NO_COLOR: '1' });
    await opened(terminal);
    expect(terminal.coloured()).not.toContain('\u001b[');
    expect(listed(terminal)[0]).toMatch(/^> /);
  });
});

describe('the terminal of psutil-extra top', () => {
  it('is the shell’s while the command is suspended, by a key or by a signal', async ({ skip }) => {
    skip(...lacking.tmux);
    skip(...lacking.shell('bash'));
    const word = `90${process.pid % 100}`;
    using terminal = new Terminal(120, 20, ['bash', '--norc', '-i'], { PS1: '$ ' });
    await until('a prompt', () => terminal.screen()[0] === '$');
    terminal.press(`${TOP.join(' ')} --interval ${word}`, 'Enter');
    const isDrawn = () => terminal.screen().at(-1) === KEYS;
    const stopped = (times: number) => () =>
      isDrawn() ? false : terminal.screen().filter((line) => line.includes('Stopped')).length === times;
    await until('it draws', isDrawn);
    terminal.press('C-z');
    await until('^Z suspends it', stopped(1));
    terminal.press('stty -a | grep -o -w -e -icanon -e icanon', 'Enter');
    await until('the shell reads lines', () => terminal.screen().includes('icanon'));
    terminal.press('fg', 'Enter');
    await until('it draws again', isDrawn);
    process.kill(await pidOf(word), 'SIGTSTP');
    await until('SIGTSTP suspends it', stopped(2));
    terminal.press('fg', 'Enter');
    await until('it draws once more', isDrawn);
    terminal.press('q');
    await until('the shell is back', () => terminal.screen().at(-1) === '$');
  });

  it('stays where nothing could continue the command, which is then not suspended', async ({ skip }) => {
    skip(...lacking.tmux);
    using terminal = new Terminal(80, 10, [...TOP, '--interval', '3600']);
    await opened(terminal);
    terminal.press('C-z', 'I');
    await until('it draws on', () => terminal.screen()[1] === 'by CPU%');
  });

  it.for([
    ['SIGTERM', 143],
    ['SIGQUIT', 131],
  ] as const)('is restored when %s ends the command', async ([signal, code], { skip }) => {
    skip(...lacking.tmux);
    const word = `no-${signal}-${process.pid}`;
    using terminal = new Terminal(80, 10, [...TOP, '--name', word]);
    await until('the first sample', () => terminal.screen()[0]?.includes(' processes: '));
    process.kill(await pidOf(word), signal);
    await until('the shell says how it ended', () => terminal.screen().includes(`ended with ${code}`));
    expect(terminal.screen().join()).not.toContain(KEYS);
  });

  it('is restored before an error is printed that nothing catches', async ({ skip }) => {
    skip(...lacking.tmux);
    const breaking = "process.on('SIGUSR2', () => { throw new Error('it broke'); })";
    const word = `no-error-${process.pid}`;
    const command = [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(breaking)}`];
    using terminal = new Terminal(80, 30, [...command, COMMAND, 'top', '--name', word]);
    await until('the first sample', () => terminal.screen()[0]?.includes(' processes: '));
    process.kill(await pidOf(word), 'SIGUSR2');
    await until('it has ended', () => terminal.screen().at(-1) === 'ended with 1');
    expect(terminal.screen()).toContain('Error: it broke');
    expect(terminal.screen().join()).not.toContain(KEYS);
  });
});
