import type { ProcessRow } from 'psutil-extra';
import type { Cell } from './table.mjs';

/** A line to be watched. The key identifies the process: the PID alone may belong to another process the next time. */
export interface Line {
  readonly key: string;
  /** The process itself, as it was read. */
  readonly row: ProcessRow;
  readonly cells: readonly Cell[];
}

/** What happened to a line since the last read. */
export type Fate = 'new' | 'changed' | 'gone' | 'same';

export interface MarkedLine extends Line {
  readonly fate: Fate;
}

/** Compares the lines of a read with those of the read before. */
export class Changes {
  #before: readonly Line[] | undefined;

  /**
   * The lines with what happened to them; cells that have changed are highlighted. Lines that are gone are shown once more,
   * in their old place. At the first read no line is new.
   */
  look(now: readonly Line[]): MarkedLine[] {
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return now.map((line) => ({ ...line, fate: 'same' }));
    const old = new Map(before.map((line) => [line.key, line]));
    const gone = goneAfter(before, new Set(now.map(({ key }) => key)));
    return [
      ...(gone.get(FIRST) ?? []),
      ...now.flatMap((line) => [marked(line, old.get(line.key)), ...(gone.get(line.key) ?? [])]),
    ];
  }
}

/** The lines that are gone, by the line before them. */
function goneAfter(before: readonly Line[], alive: ReadonlySet<string>): Map<string, MarkedLine[]> {
  const gone = new Map<string, MarkedLine[]>();
  let anchor = FIRST;
  for (const line of before) {
    if (alive.has(line.key)) {
      anchor = line.key;
      continue;
    }
    const lines = gone.get(anchor) ?? [];
    lines.push({ ...line, cells: line.cells.map(({ text }) => ({ text, tone: 'gone' })), fate: 'gone' });
    gone.set(anchor, lines);
  }
  return gone;
}

/** What is compared of a cell: what its text is made of, where the text changes with time alone, as an age does. */
function compared(cell: Cell | undefined): string {
  return cell?.from ?? String(cell?.text);
}

function marked(line: Line, old: Line | undefined): MarkedLine {
  if (old === undefined) return { ...line, cells: line.cells.map(({ text }) => ({ text, tone: 'new' })), fate: 'new' };
  let fate: Fate = 'same';
  const cells = line.cells.map((cell, column): Cell => {
    if (compared(cell) === compared(old.cells[column])) return cell;
    fate = 'changed';
    return { text: cell.text, tone: 'changed' };
  });
  return { ...line, cells, fate };
}

/** The key of no process: before the first line. */
const FIRST = '';
