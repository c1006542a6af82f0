import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../index.js';
import { Changes, type Fate, type Line, type MarkedLine } from './changes.js';
import { paintFor } from './colour.js';
import { counted } from './counted.js';
import { listed, type ScanCommand, type View } from './listing.js';
import { print } from './print.js';
import { Screen } from './screen.js';
import { Scrolling } from './scrolling.js';
import type { Listing, Selection } from './selection.js';
import { cut, type Header, tableLines } from './table.js';
import type { Column } from './table-columns.js';
import { lineWidth } from './width.js';

/**
 * Prints processes repeatedly: on a terminal in place, as top(1) does, until `q` or ^C; elsewhere one table below the other,
 * until the reader closes the pipe. A line is marked `+` if its process is new, `~` if a value has changed, `-` if the
 * process has ended.
 */
export async function watch(
  client: Client,
  view: View,
  selection: Selection,
  { watch: every }: ScanCommand,
): Promise<void> {
  const seconds = every === undefined || every === true ? EVERY : every;
  // A PID may belong to another process the next time; the start distinguishes them.
  const needs: Selection = client.supports('startTime')
    ? { ...selection, needs: [...selection.needs, 'startTime'] }
    : selection;
  const changes = new Changes();
  const look = async () => {
    const listing = await listed(client, view.fields, needs);
    const columns = view.columns();
    return { columns, lines: changes.look(linesOf(listing, columns)) };
  };
  if (process.stdout.isTTY) await onScreen(look, seconds);
  else await inPipe(look, seconds);
}

interface Look {
  readonly columns: readonly Column[];
  readonly lines: readonly MarkedLine[];
}

async function onScreen(look: () => Promise<Look>, seconds: number): Promise<void> {
  const scrolling = new Scrolling();
  using screen = new Screen((_, key) => {
    if (key.name === 'q') screen.end();
    else if (scrolling.press(key)) screen.redraw();
  });
  const paint = paintFor(process.stdout, process.env);
  const stop = new AbortController();
  const quit = screen.quit.then(() => stop.abort());
  for (;;) {
    const seen = await Promise.race([look(), quit]);
    if (seen === undefined) return;
    const status = statusOf(seen.lines, seconds, new Date());
    const headers = headersOf(seen.columns);
    const rows = seen.lines.map(cellsOf);
    let laidOut: { readonly columns: number; readonly lines: readonly string[] } | undefined;
    screen.show((size) => {
      const { columns } = size;
      // Scrolling draws the same lines again.
      if (laidOut?.columns !== columns) laidOut = { columns, lines: [...tableLines(headers, rows, columns, paint)] };
      const [heads = '', ...scrolled] = laidOut.lines;
      return scrolling.shown([paint('head', cut(status, columns)), heads], scrolled, size);
    });
    await pause(seconds * 1000, undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) return;
  }
}

async function inPipe(look: () => Promise<Look>, seconds: number): Promise<void> {
  const { stdout, env } = process;
  for (let before = ''; ; before = '\n') {
    const { columns, lines } = await look();
    const table = tableLines(headersOf(columns), lines.map(cellsOf), lineWidth(stdout, env), paintFor(stdout, env));
    if (!(await print([before, ...table], stdout))) return;
    await pause(seconds * 1000);
  }
}

function linesOf({ rows }: Listing, columns: readonly Column[]): Line[] {
  return rows.map((row) => ({
    key: `${row.pid} ${row.startTime}`,
    cells: columns.map((column) => column.cell(row)),
  }));
}

function headersOf(columns: readonly Column[]): Header[] {
  return [{ title: '', side: 'left' }, ...columns];
}

function cellsOf({ fate, cells }: MarkedLine): MarkedLine['cells'] {
  return [{ text: MARKS[fate], tone: fate === 'same' ? undefined : fate }, ...cells];
}

function statusOf(lines: readonly MarkedLine[], seconds: number, at: Date): string {
  const count = (fate: Fate) => lines.filter((line) => line.fate === fate).length;
  const gone = count('gone');
  return `${counted(lines.length - gone, 'process')}: + ${count('new')} new, ~ ${count('changed')} changed, - ${gone} ended   ${clock(at)}, every ${seconds} s   q quits`;
}

function clock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

const MARKS: { readonly [fate in Fate]: string } = { new: '+', changed: '~', gone: '-', same: ' ' };
const EVERY = 2;
