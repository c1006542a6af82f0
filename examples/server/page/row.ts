import { processLink, setText } from './element.js';
import { limitsPicture, type Picture, signalsPicture } from './pictures.js';
import type { Key, Processes, Shown } from './processes.js';
import { fillCpu, fillMemory } from './use-cell.js';
import { age, octal } from './values.js';

/** A column: its head, what it is sorted by, and how a cell is filled. */
export interface Column {
  readonly id: string;
  readonly head: string;
  readonly classes: string;
  readonly key: Key;
  /** Whether the greatest is what one looks for. */
  readonly isUse?: boolean;
  /** Whether a cell changes though nothing about the process does. */
  readonly ticks?: boolean;
  readonly fill: (cell: HTMLTableCellElement, row: Shown, processes: Processes) => void;
}

export const COLUMNS: readonly Column[] = [
  number('pid', 'PID', (row) => row.pid),
  { ...text('name', 'name', (row) => row.name), fill: fillName },
  { ...text('command', 'command line', (row) => row.command), fill: fillCommand },
  text('user', 'user', (row) => row.user),
  { ...use('cpu', 'CPU %', (row) => row.cpu), fill: fillCpu },
  { ...use('memory', 'memory', (row) => row.rss), fill: fillMemory },
  text('state', 'state', (row) => row.state),
  number('threads', 'threads', (row) => row.threads, 'medium'),
  {
    ...number('began', 'age', (row) => row.began && -row.began, 'medium'),
    ticks: true,
    fill: (cell, row, { at }) => say(cell, row.began === null ? null : age(row.began, at)),
  },
  { id: 'files', head: 'open files', classes: 'files medium', key: (row) => row.files, isUse: true, fill: fillFiles },
  { ...number('umask', 'umask', (row) => row.umask, 'wide'), fill: fillUmask },
  number('ppid', 'parent', (row) => row.ppid, 'wider'),
  number('pgid', 'group', (row) => row.pgid, 'wider'),
  number('sid', 'session', (row) => row.sid, 'wider'),
  {
    id: 'limits',
    head: 'limits',
    classes: 'limits wide',
    key: (row) => row.limits?.[0]?.[0] ?? null,
    fill: (cell, { limits }, { resources }) => show(cell, limits && limitsPicture(limits, resources)),
  },
  {
    id: 'signals',
    head: 'signals',
    classes: 'signals wide',
    key: (row) => row.signals,
    fill: (cell, row, { signals }) => show(cell, row.signals === null ? null : signalsPicture(row.signals, signals)),
  },
];

/** A process's line. It is made once, and only what has changed of it is touched. */
export class Line {
  readonly element = document.createElement('tr');
  #row: Shown | undefined;
  readonly #cells: readonly HTMLTableCellElement[];

  constructor(pid: number) {
    this.element.dataset['pid'] = String(pid);
    this.#cells = COLUMNS.map(({ head, classes }) => {
      const cell = this.element.insertCell();
      cell.className = classes;
      cell.dataset['head'] = head;
      return cell;
    });
  }

  update(row: Shown, processes: Processes): void {
    const same = this.#row === row;
    this.#row = row;
    COLUMNS.forEach(({ ticks = false, fill }, index) => {
      if (!same || ticks) fill(this.#cells[index] as HTMLTableCellElement, row, processes);
    });
  }
}

function text(id: string, head: string, key: Key): Column {
  return { id, head, classes: id, key, fill: (cell, row) => say(cell, key(row)) };
}

function number(id: string, head: string, key: Key, more = ''): Column {
  return { id, head, classes: `number ${id} ${more}`.trim(), key, fill: (cell, row) => say(cell, key(row)) };
}

function use(id: string, head: string, key: Key): Omit<Column, 'fill'> {
  return { id, head, classes: `number use ${id}`, key, isUse: true, ticks: true };
}

/** Any user chooses process names: they are set as text, and never as markup. */
function say(cell: HTMLTableCellElement, value: string | number | null): void {
  const shown = value === null ? '?' : String(value);
  if (cell.textContent !== shown) cell.textContent = shown;
  cell.classList.toggle('missing', value === null);
}

function fillName(cell: HTMLTableCellElement, row: Shown): void {
  const shown = nameOf(row);
  cell.title = row.name ?? '';
  const link = cell.querySelector('a');
  if (link === null) cell.replaceChildren(processLink(row.pid, shown));
  else setText(link, shown);
}

/** The name as it is shown: that of a thread of the kernel in brackets, as in ps. */
export function nameOf({ name, kernel }: Shown): string {
  return name === null ? '?' : kernel ? `[${name}]` : name;
}

function fillCommand(cell: HTMLTableCellElement, { command }: Shown): void {
  say(cell, command);
  cell.title = command ?? '';
}

function fillUmask(cell: HTMLTableCellElement, { umask, kernel }: Shown): void {
  say(cell, umask === null ? null : octal(umask));
  cell.classList.toggle('alarm', umask === 0 && !kernel);
}

function fillFiles(cell: HTMLTableCellElement, { files, limits, near }: Shown): void {
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
