import { element, setText } from './element.js';
import type { Processes, Shown } from './processes.js';
import { Sparkline } from './sparkline.js';
import { bytes, percent } from './values.js';

/** Processor time in percent, with the line of what it was before. */
export function fillCpu(cell: HTMLTableCellElement, { pid, cpu }: Shown, processes: Processes): void {
  const values = processes.track(pid)?.cpu.values() ?? [];
  useOf(cell, 'cpu').show(cpu === null ? '–' : percent(cpu), values, cpuTop(values));
  cell.classList.toggle('busy', cpu !== null && cpu >= BUSY);
}

/** Resident memory, with the line of what it was before. */
export function fillMemory(cell: HTMLTableCellElement, { pid, rss }: Shown, processes: Processes): void {
  const values = processes.track(pid)?.rss.values() ?? [];
  useOf(cell, 'memory').show(rss === null ? '–' : bytes(rss), values, memoryTop(values));
}

/** The top of the scale: one processor, or more where it has had more, so that a line at the top is a busy process. */
export function cpuTop(values: readonly number[]): number {
  return greatest(values, 100);
}

/** The most that it was: whether it grows is what one looks for. */
export function memoryTop(values: readonly number[]): number {
  return greatest(values, 1);
}

function greatest(values: readonly number[], least: number): number {
  return Math.max(least, ...values.filter((value) => !Number.isNaN(value)));
}

/** A number and the line of those before it. */
class UseCell {
  readonly #number = element('span');
  readonly #sparkline: Sparkline;

  constructor(cell: HTMLTableCellElement, kind: 'cpu' | 'memory') {
    this.#sparkline = new Sparkline(kind);
    const pair = element('div');
    pair.append(this.#sparkline.element, this.#number);
    cell.replaceChildren(pair);
  }

  show(number: string, values: readonly number[], top: number): void {
    setText(this.#number, number);
    this.#sparkline.draw(values, top);
  }
}

function useOf(cell: HTMLTableCellElement, kind: 'cpu' | 'memory'): UseCell {
  let made = USES.get(cell);
  if (made === undefined) {
    made = new UseCell(cell, kind);
    USES.set(cell, made);
  }
  return made;
}

const USES = new WeakMap<HTMLTableCellElement, UseCell>();
const BUSY = 50;
