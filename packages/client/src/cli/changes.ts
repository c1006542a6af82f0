import type { Cell } from './table.js';

/** A line to be watched. The key says who it is: a PID alone may be somebody else's the next time. */
export interface Line {
  readonly key: string;
  readonly cells: readonly Cell[];
}

/** What became of a line since the last look. */
export type Fate = 'new' | 'changed' | 'gone' | 'same';

export interface MarkedLine extends Line {
  readonly fate: Fate;
}

/** Compares what is seen with what was seen before. */
export class Changes {
  #before: readonly Line[] | undefined;

  /**
   * The lines with what became of them, cells that have changed standing out. Those that are gone are shown once more,
   * where they stood. At the first look nothing is new.
   */
  look(now: readonly Line[]): MarkedLine[] {
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return now.map((line) => ({ ...line, fate: 'same' }));
    const old = new Map(before.map((line) => [line.key, line]));
    const gone = goneAfter(before, new Set(now.map(({ key }) => key)));
    return [
      ...(gone.get(FIRST) ?? []),
      ...now.flatMap((line) => [compared(line, old.get(line.key)), ...(gone.get(line.key) ?? [])]),
    ];
  }
}

/** The lines that are gone, by the line behind which they stood. */
function goneAfter(before: readonly Line[], alive: ReadonlySet<string>): Map<string, MarkedLine[]> {
  const gone = new Map<string, MarkedLine[]>();
  let anchor = FIRST;
  for (const line of before) {
    if (alive.has(line.key)) {
      anchor = line.key;
      continue;
    }
    const lines = gone.get(anchor) ?? [];
    lines.push({ key: line.key, cells: line.cells.map(({ text }) => ({ text, tone: 'gone' })), fate: 'gone' });
    gone.set(anchor, lines);
  }
  return gone;
}

function compared(line: Line, old: Line | undefined): MarkedLine {
  if (old === undefined) return { ...line, cells: line.cells.map(({ text }) => ({ text, tone: 'new' })), fate: 'new' };
  let fate: Fate = 'same';
  const cells = line.cells.map((cell, column): Cell => {
    if (String(cell.text) === String(old.cells[column]?.text)) return cell;
    fate = 'changed';
    return { text: cell.text, tone: 'changed' };
  });
  return { key: line.key, cells, fate };
}

/** The key of nobody: before the first line. */
const FIRST = '';
