import type { WireRow } from '../src/wire.js';
import { limitsPicture, type Picture, signalsPicture } from './pictures.js';
import type { Key, Processes } from './table.js';
import { age, octal } from './values.js';

/** A column: its head, what it is sorted by, and how a cell is filled. */
export interface Column {
  readonly id: string;
  readonly head: string;
  readonly classes: string;
  readonly key: Key;
  readonly fill: (cell: HTMLTableCellElement, row: WireRow, processes: Processes) => void;
}

export const COLUMNS: readonly Column[] = [
  number('pid', 'PID', (row) => row.pid),
  { ...text('name', 'name', (row) => row.name), fill: fillName },
  text('state', 'state', (row) => row.state),
  number('user', 'user', (row) => row.user),
  { ...number('umask', 'umask', (row) => row.umask), fill: fillUmask },
  number('threads', 'threads', (row) => row.threads),
  number('ppid', 'parent', (row) => row.ppid, 'wide'),
  number('pgid', 'group', (row) => row.pgid, 'wide'),
  number('sid', 'session', (row) => row.sid, 'wide'),
  {
    ...number('began', 'age', (row) => row.began && -row.began),
    fill: (cell, row, { at }) => say(cell, row.began === null ? null : age(row.began, at)),
  },
  { id: 'files', head: 'open files', classes: 'files', key: (row) => row.files, fill: fillFiles },
  {
    id: 'limits',
    head: 'limits',
    classes: 'limits',
    key: (row) => row.limits?.[0]?.[0] ?? null,
    fill: (cell, { limits }, { resources }) => show(cell, limits && limitsPicture(limits, resources)),
  },
  {
    id: 'signals',
    head: 'signals',
    classes: 'signals',
    key: (row) => row.signals,
    fill: (cell, row, { signals }) => show(cell, row.signals === null ? null : signalsPicture(row.signals, signals)),
  },
];

/** A process's line. It is made once, and only what has changed of it is touched. */
export class Line {
  readonly element = document.createElement('tr');
  #row: WireRow | undefined;
  readonly #cells: readonly HTMLTableCellElement[];

  constructor(pid: number) {
    this.element.dataset['pid'] = String(pid);
    this.element.tabIndex = 0;
    this.#cells = COLUMNS.map(({ head, classes }) => {
      const cell = this.element.insertCell();
      cell.className = classes;
      cell.dataset['head'] = head;
      return cell;
    });
  }

  update(row: WireRow, processes: Processes): void {
    const same = this.#row === row;
    this.#row = row;
    COLUMNS.forEach(({ id, fill }, index) => {
      // A process grows older though nothing about it changes.
      if (!same || id === 'began') fill(this.#cells[index] as HTMLTableCellElement, row, processes);
    });
  }
}

function text(id: string, head: string, key: Key): Column {
  return { id, head, classes: id, key, fill: (cell, row) => say(cell, key(row)) };
}

function number(id: string, head: string, key: Key, more = ''): Column {
  return { id, head, classes: `number ${id} ${more}`.trim(), key, fill: (cell, row) => say(cell, key(row)) };
}

/** Any user chooses process names: they are set as text, and never as markup. */
function say(cell: HTMLTableCellElement, value: string | number | null): void {
  const shown = value === null ? '?' : String(value);
  if (cell.textContent !== shown) cell.textContent = shown;
  cell.classList.toggle('missing', value === null);
}

function fillName(cell: HTMLTableCellElement, { name, kernel }: WireRow): void {
  say(cell, name === null ? null : kernel ? `[${name}]` : name);
  cell.title = name ?? '';
}

function fillUmask(cell: HTMLTableCellElement, { umask, kernel }: WireRow): void {
  say(cell, umask === null ? null : octal(umask));
  cell.classList.toggle('alarm', umask === 0 && !kernel);
}

function fillFiles(cell: HTMLTableCellElement, { files, limits, near }: WireRow): void {
  const soft = limits?.[0]?.[0];
  if (files === null || soft === undefined) {
    say(cell, null);
    return;
  }
  cell.classList.remove('missing');
  const bar = document.createElement('div');
  bar.className = near.includes('RLIMIT_NOFILE') ? 'bar near' : 'bar';
  const track = bar.appendChild(document.createElement('span'));
  const fill = track.appendChild(document.createElement('i'));
  const used = soft === null ? 0 : Math.min(1, files / Math.max(1, soft));
  fill.style.width = files === 0 ? '0' : `max(2px, ${used * 100}%)`;
  bar.appendChild(document.createElement('small')).textContent = `${files} / ${soft === null ? '∞' : short(soft)}`;
  cell.replaceChildren(bar);
}

function show(cell: HTMLTableCellElement, picture: Picture | null): void {
  if (picture === null) {
    say(cell, null);
    return;
  }
  cell.classList.remove('missing');
  const shown = cell.querySelector('img');
  if (shown?.src === picture.source) return;
  const image = new Image(picture.width, picture.height);
  image.src = picture.source;
  image.alt = picture.words;
  image.title = picture.words;
  cell.replaceChildren(image);
}

/** `524288` as `524 k`: what is used is exact, what is allowed needs its size only. */
function short(value: number): string {
  if (value < 10_000) return String(value);
  return value < 1e6 ? `${Math.floor(value / 1000)} k` : `${Math.floor(value / 1e6)} M`;
}
