import { describe, expect, it } from 'vitest';
import { COMMAND, psutilExtra } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { until } from '../processes/until.js';
import { Terminal } from './terminal.js';

const NARROW = 60;

describe('on a terminal of 60 columns', () => {
  it.for(['', 'scan', 'top', 'show', 'rlimit', 'wait', 'completion'])(
    'the help of %s breaks no word',
    async (command, { skip }) => {
      skip(...lacking.tmux);
      const args = command === '' ? ['--help'] : [command, '--help'];
      using terminal = new Terminal(NARROW, 100, [process.execPath, COMMAND, ...args]);
      await until('it has ended', () => terminal.screen().at(-1) === 'ended with 0');
      const { stdout } = await psutilExtra(args);
      expect(words(terminal.screen().slice(0, -1).join('\n'))).toEqual(words(stdout));
    },
  );

  it('mappings keep their paths, and what matters less is left out', async () => {
    const { stdout } = await psutilExtra(['maps', String(process.pid)], { COLUMNS: String(NARROW) });
    const [heads = '', ...lines] = stdout.trimEnd().split('\n');
    expect(heads.split(/ +/).filter((head) => head !== '')).toEqual(
      expect.arrayContaining(['START', 'END', 'PERMS', 'SIZE', 'RSS', 'PATH']),
    );
    expect(heads).not.toContain('DELETED');
    expect([heads, ...lines].filter(({ length }) => length > NARROW)).toEqual([]);
    expect(lines.some((line) => line.includes('/'))).toBe(true);
  });

  it('sockets have both ends', async () => {
    const { stdout } = await psutilExtra(['connections', String(process.pid)], { COLUMNS: String(NARROW) });
    expect(stdout.split('\n')[0]).toMatch(/^ *PID +NAME .*LOCAL +REMOTE$/);
  });
});

it('a table is cut where even its narrowest columns do not fit, and shows that', async () => {
  const { stdout } = await psutilExtra(['maps', String(process.pid)], { COLUMNS: '20' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((line) => line.length > 20 || !line.endsWith('…'))).toEqual([]);
});

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
