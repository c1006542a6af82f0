import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Field, ProcessRow } from 'psutil-extra';
import { Changes, type Fate, type MarkedLine } from './changes.mjs';
import { paintFor } from './colour.mjs';
import { counted } from './counted.mjs';
import { jsonLines, jsonOf, plainRows } from './json.mjs';
import { listed, type ScanCommand, type View } from './listing.mjs';
import { print } from './print.mjs';
import { Screen } from './screen.mjs';
import { Scrolling } from './scrolling.mjs';
import type { Selection } from './selection.mjs';
import { stdoutTable, type TableOptions } from './stdout-table.mjs';
import { type Cell, cut, type Header, tableLines } from './table.mjs';
import type { Column } from './table-columns.mjs';

/**
 * Prints processes repeatedly: on a terminal in place, as top(1) does, until `q` or ^C; elsewhere one table below the other,
 * or an object a line, until the reader closes the pipe. A line is marked `+` if its process is new, `~` if a value has
 * changed, `-` if the process has ended; an object has that as `change`.
 */
export async function watch(client: Client, view: View, selection: Selection, command: ScanCommand): Promise<void> {
  const { watch: every, ndjson, limit } = command;
  const seconds = every === undefined || every === true ? EVERY : every;
  // A PID may belong to another process the next time; the start distinguishes them.
  const needs: Selection = client.supports('startTime')
    ? { ...selection, needs: [...selection.needs, 'startTime'] }
    : selection;
  const changes = new Changes();
  const look = async () => {
    const listing = await listed(client, view.fields, needs, limit);
    const columns = view.columns();
    const cellsOfRow = ndjson
      ? valuesOf(listing.fields)
      : (row: ProcessRow) => columns.map((column) => column.cell(row));
    const lines = listing.rows.map((row) => ({ key: `${row.pid} ${row.startTime}`, row, cells: cellsOfRow(row) }));
    return { columns, fields: listing.fields, lines: changes.look(lines) };
  };
  if (ndjson) await asObjects(look, seconds);
  else if (process.stdout.isTTY) await onScreen(look, seconds, command);
  else await inPipe(look, seconds, command);
}

/** What is compared of an object: its values as they are printed. */
function valuesOf(fields: readonly Field[]): (row: ProcessRow) => Cell[] {
  return (row) => fields.map((field) => ({ text: jsonOf(row[field]) ?? '' }));
}

interface Look {
  readonly columns: readonly Column[];
  readonly fields: readonly Field[];
  readonly lines: readonly MarkedLine[];
}

async function onScreen(
  look: () => Promise<Look>,
  seconds: number,
  { headers: hasHeads }: TableOptions,
): Promise<void> {
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
      if (laidOut?.columns !== columns)
        laidOut = { columns, lines: [...tableLines(headers, rows, columns, paint, hasHeads)] };
      const heads = hasHeads ? laidOut.lines.slice(0, 1) : [];
      return scrolling.shown([paint('head', cut(status, columns)), ...heads], laidOut.lines.slice(heads.length), size);
    });
    await pause(seconds * 1000, undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) return;
  }
}

async function inPipe(look: () => Promise<Look>, seconds: number, options: TableOptions): Promise<void> {
  for (let before = ''; ; before = '\n') {
    const { columns, lines } = await look();
    const table = stdoutTable(headersOf(columns), lines.map(cellsOf), options);
    if (!(await print([before, ...table], process.stdout))) return;
    await pause(seconds * 1000);
  }
}

async function asObjects(look: () => Promise<Look>, seconds: number): Promise<void> {
  for (;;) {
    const time = Date.now();
    const { fields, lines } = await look();
    const objects = lines.map(({ fate, row }) => {
      const [plain] = plainRows({ rows: [row], fields });
      return { time, change: fate, ...plain };
    });
    if (!(await print(jsonLines(objects), process.stdout))) return;
    await pause(seconds * 1000);
  }
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
