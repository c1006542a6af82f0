import { element, processLink, setText } from './element.js';
import type { Node } from './forest.js';
import type { Processes } from './processes.js';
import { nameOf } from './row.js';
import { fillCpu, fillMemory } from './use-cell.js';
import { age, bytes, percent } from './values.js';

/** Where a process stands in the tree. */
export interface Place {
  readonly node: Node;
  /** From 1 on. */
  readonly level: number;
  readonly isOpen: boolean;
}

/** The columns behind the process itself. */
export const BRANCH_HEADS = [
  'process',
  'PID',
  'user',
  'CPU %',
  'CPU % of tree',
  'memory',
  'memory of tree',
  'age',
] as const;

const CLASSES = [
  'process',
  'number pid',
  'user',
  'number use cpu',
  'number sum',
  'number use memory',
  'number sum',
  'number medium',
];

/** A line of the tree. */
export class Branch {
  readonly element = element('tr');
  readonly #toggle = element('button', '', 'toggle');
  readonly #link: HTMLAnchorElement;
  readonly #command = element('span', '', 'command');
  readonly #cells: readonly HTMLTableCellElement[];

  constructor(pid: number) {
    this.element.dataset['pid'] = String(pid);
    this.element.tabIndex = -1;
    this.#link = processLink(pid, '');
    this.#toggle.type = 'button';
    // The line itself has the focus, and says whether it is open.
    this.#toggle.tabIndex = -1;
    this.#toggle.ariaHidden = 'true';
    this.#link.tabIndex = -1;
    this.#cells = CLASSES.map((classes, index) => {
      const cell = this.element.insertCell();
      cell.className = classes;
      cell.role = 'gridcell';
      cell.dataset['head'] = BRANCH_HEADS[index];
      return cell;
    });
    this.#cells[0]?.append(this.#toggle, this.#link, ' ', this.#command);
  }

  update({ node, level, isOpen }: Place, processes: Processes): void {
    const { row, children, size } = node;
    const line = this.element;
    line.ariaLevel = String(level);
    line.style.setProperty('--level', String(level - 1));
    if (children.length === 0) line.removeAttribute('aria-expanded');
    else line.ariaExpanded = String(isOpen);
    setText(this.#toggle, children.length === 0 ? '' : isOpen ? '▾' : '▸');
    setText(this.#link, nameOf(row));
    setText(this.#command, isOpen || size === 0 ? (row.command ?? '') : `and ${size} below it`);
    this.#command.title = row.command ?? '';
    const [, pid, user, cpu, cpuOfAll, memory, memoryOfAll, old] = this.#cells as HTMLTableCellElement[] & {
      length: 8;
    };
    setText(pid as HTMLElement, String(row.pid));
    setText(user as HTMLElement, row.user ?? '?');
    fillCpu(cpu as HTMLTableCellElement, row, processes);
    fillMemory(memory as HTMLTableCellElement, row, processes);
    setText(cpuOfAll as HTMLElement, size === 0 || node.cpu === null ? '' : percent(node.cpu));
    setText(memoryOfAll as HTMLElement, size === 0 || node.rss === null ? '' : bytes(node.rss));
    setText(old as HTMLElement, row.began === null ? '?' : age(row.began, processes.at));
  }
}
