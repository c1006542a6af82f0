import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Paint, paintFor, plain } from '../../../packages/client/dist/cli/colour.mjs';
import { arranged } from '../../../packages/client/dist/cli/top/arrangement.mjs';
import type { Row } from '../../../packages/client/dist/cli/top/columns.mjs';
import { screenLines } from '../../../packages/client/dist/cli/top/lines.mjs';
import { type Summary, summaryText } from '../../../packages/client/dist/cli/top/summary.mjs';
import { placed, type View } from '../../../packages/client/dist/cli/top/view.mjs';
import { COLUMNS, row, sortedBy } from './rows.js';

const SUMMARY: Summary = {
  at: new Date(2026, 0, 2, 3, 4, 5),
  elapsed: 1004,
  processes: 312,
  started: 4,
  ended: 2,
  cpuPercent: 143.04,
  processors: 4,
};
const SIZE = { columns: 80, rows: 10 };

function drawn(rows: readonly Row[], view: View, size = SIZE, paint: Paint = plain): string[] {
  const places = arranged(rows, view);
  const lines = screenLines(
    { summary: SUMMARY, view: placed(view, places, size.rows - 4), places, columns: COLUMNS },
    size,
    paint,
  );
  // As the terminal gets them.
  return lines.map((line) => line.trimEnd());
}

describe('the screen of psutil-extra top', () => {
  it('has a summary, the arrangement, the table and the keys, one line for each line of the terminal', () => {
    const lines = drawn([row(7, 'sleep'), row(8, 'burn', { cpuPercent: 99.97, state: 'running' })], sortedBy('-cpu'));
    expect(lines).toEqual([
      '312 processes: + 4 new, - 2 ended   CPU 143.0 % of 400 in 1.0 s   03:04:05',
      'by CPU%, largest first',
      '        PID  USER      S   CPU%    RSS     TIME  COMMAND',
      '>         8  root      R  100.0   8.0K     0:08  burn',
      '          7  root      S    0.0   7.0K     0:07  sleep',
      '',
      '',
      '',
      '',
      'F1 help  F4 filter  F5 tree  F6 sort  F9 kill  F10 quit',
    ]);
  });

  it('says so while nothing has been read', () => {
    const view = sortedBy('-cpu');
    const lines = screenLines({ summary: undefined, view, places: [], columns: COLUMNS }, SIZE, plain);
    expect(lines[0]).toBe('reading processes');
    expect(lines).toHaveLength(10);
  });

  it('scrolls with the bar', () => {
    const rows = Array.from({ length: 40 }, (_, at) => row(at + 1, `p${at + 1}`));
    const view = sortedBy('pid', { selected: '20 20000' });
    const shown = drawn(rows, view).slice(3, -1);
    expect(shown.map((line) => line.trim().split(/ +/).at(-1))).toEqual(['p15', 'p16', 'p17', 'p18', 'p19', 'p20']);
    expect(shown.at(-1)).toMatch(/^>/);
  });

  it('is not wider than the terminal, also with wide characters, which take two columns', () => {
    const rows = [row(1, '日本語のプロセス名'), row(2, 'a'.repeat(200))];
    for (let columns = 1; columns < 100; columns++) {
      const lines = drawn(rows, sortedBy('pid', { filter: '' }), { columns, rows: 8 });
      for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
    const [, , , wide] = drawn(rows, sortedBy('pid'), { columns: 55, rows: 8 });
    expect(wide).toMatch(/日本語の.*…$/);
  });

  it('shows what a terminal would act on as escapes', () => {
    const lines = drawn(
      [row(1, '\u001b[2J')],
      sortedBy('pid', { filter: '\u202e', dialogue: { kind: 'filter', before: '' } }),
    );
    for (const character of ['\u001b', '\u202e']) expect(lines.join('\n')).not.toContain(character);
    expect(drawn([row(1, '\u001b[2J')], sortedBy('pid'))[3]).toContain('\\x1b[2J');
  });

  it('highlights the sorted column, busy processes, and the whole line of the bar', () => {
    const coloured = paintFor({}, { FORCE_COLOR: '1' });
    const rows = [row(1, 'busy', { cpuPercent: 51 }), row(2, 'calm', { cpuPercent: 49 })];
    const [, , heads = '', first = '', second] = drawn(rows, sortedBy('-cpu'), SIZE, coloured);
    expect(heads).toContain('\u001b[1m\u001b[33m CPU%\u001b[39m');
    expect(first).toContain('\u001b[33m51.0\u001b[39m');
    expect(first.startsWith('\u001b[7m')).toBe(true);
    expect(first.endsWith(' \u001b[27m')).toBe(true);
    expect(stripVTControlCharacters(first)).toHaveLength(SIZE.columns);
    expect(second).toContain(' 49.0 ');
  });

  it('marks tagged processes', () => {
    const tagged = row(2, 'b');
    const lines = drawn([row(1, 'a'), tagged], sortedBy('pid', { tagged: new Map([['2 2000', tagged]]) }));
    expect(lines[1]).toBe('by PID; 1 tagged');
    expect(lines[3]).toMatch(/^> /);
    expect(lines[4]).toMatch(/^ \*/);
  });

  it('shows the filter, and how many match it', () => {
    const view = sortedBy('pid', { filter: 'b', isTree: true, dialogue: { kind: 'filter', before: '' } });
    const lines = drawn([row(1, 'abc'), row(2, 'x')], view);
    expect(lines[1]).toBe("by PID; as a tree; 1 with 'b'");
    expect(lines.at(-1)).toBe('filter: b_   Enter keeps it, Esc does not');
  });

  it('names the signal and the process before it sends one', () => {
    const rows = [row(1, 'a'), row(2, 'b')];
    const footer = (those: readonly Row[]) =>
      drawn(rows, sortedBy('pid', { dialogue: { kind: 'kill', rows: those, signal: 'SIGKILL' } })).at(-1);
    expect(footer(rows.slice(1))).toBe('send SIGKILL? y/n, arrows: another   2 b');
    expect(footer(rows)).toBe('send SIGKILL? y/n, arrows: another   2 processes: 1 2');
  });

  it('lists the keys, which fit a terminal of 24 lines of 80', () => {
    const lines = drawn([row(1, 'a')], sortedBy('pid', { dialogue: { kind: 'help' } }), { columns: 80, rows: 24 });
    expect(lines.join('\n')).toMatch(/\nk F9 .*\n(.*\n)*q F10 /);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('shows the last message in place of the keys', () => {
    expect(drawn([], sortedBy('pid', { message: 'sent SIGTERM' })).at(-1)).toBe('sent SIGTERM');
  });

  it('has the command line where that is wanted, and the script of a Node.js program where it is not', () => {
    const rows = [row(1, 'MainThread', { cmdline: ['/usr/bin/node', 'a/server.js', '--port'] })];
    expect(drawn(rows, sortedBy('pid'))[3]).toMatch(/ +node server\.js$/);
    expect(drawn(rows, sortedBy('pid', { isFull: true }))[3]).toMatch(/ +\/usr\/bin\/node a\/server\.js --port$/);
    expect(drawn([row(1, 'unread')], sortedBy('pid', { isFull: true }))[3]).toMatch(/ unread$/);
    expect(drawn([row(2, 'kthreadd', { cmdline: [] })], sortedBy('pid', { isFull: true }))[3]).toMatch(/\[kthreadd\]$/);
  });

  it('has a ? for what could not be read', () => {
    const rows = [row(1, null, { uids: null, cpuPercent: null, memory: null, cpuTimes: null, state: null })];
    expect(drawn(rows, sortedBy('pid'))[3]?.split(/ +/)).toEqual(['>', '1', '?', '?', '?', '?', '?', '?']);
  });
});

describe('the summary', () => {
  it('has no processor time where the system does not report it', () => {
    const text = summaryText({ ...SUMMARY, cpuPercent: undefined, elapsed: 60_049 });
    expect(text).toBe('312 processes: + 4 new, - 2 ended   in 60.0 s   03:04:05');
  });
});

/** Of these lines alone: kana and kanji are wide. */
function widthOf(line: string): number {
  return Array.from(line).reduce((width, character) => width + (/[\u3000-\u9fff]/.test(character) ? 2 : 1), 0);
}
