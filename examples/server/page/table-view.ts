import { byId, element } from './element.js';
import { type Processes, type Shown, sorted } from './processes.js';
import type { View } from './router.js';
import { COLUMNS, type Column, Line } from './row.js';
import type { Selection } from './selection.js';
import { resourceName } from './values.js';

/** Every process, a line each. */
export class TableView implements View {
  readonly title = 'Processes';
  readonly #processes: Processes;
  readonly #selection: Selection;
  readonly #body = byId('rows');
  readonly #sort = byId('sort') as HTMLSelectElement;
  readonly #lines = new Map<number, Line>();
  #column = COLUMNS.find(({ id }) => id === 'cpu') as Column;
  #descending = true;
  /** Lines that are in the page: ten thousand would make it slow, and are too many to read. */
  #most = 200;

  constructor(processes: Processes, selection: Selection) {
    this.#processes = processes;
    this.#selection = selection;
    this.#heads();
    this.#sort.addEventListener('input', () => {
      const column = COLUMNS.find(({ id }) => id === this.#sort.value) ?? this.#column;
      this.#sortBy(column, column.isUse === true);
    });
    byId('more').addEventListener('click', () => {
      this.#most += 500;
      this.update();
    });
    this.#body.addEventListener('click', ({ target }) => {
      const pid = (target as HTMLElement).closest('tr')?.dataset['pid'];
      // What is selected is to be copied.
      if (pid !== undefined && getSelection()?.isCollapsed !== false) location.hash = `#/process/${pid}`;
    });
    this.#body.addEventListener('keydown', (event) => this.#move(event));
  }

  open(): void {
    byId('processes').hidden = false;
    this.#entitle();
    this.update();
  }

  close(): void {
    byId('processes').hidden = true;
  }

  update(): void {
    const { found, all } = this.#selection.chosen();
    const shown = this.#held() ?? sorted(found, this.#column.key, this.#descending).slice(0, this.#most);
    const focused = document.activeElement;
    this.#place(shown);
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus({ preventScroll: true });
    byId('none').hidden = found.length > 0 || all === 0;
    const more = byId('more');
    more.hidden = found.length <= this.#most;
    more.textContent = `show ${Math.min(500, found.length - this.#most)} more of ${found.length}`;
    byId('resources').textContent = this.#processes.resources.map(resourceName).join(', ');
  }

  /** The order that is shown, while one goes through it with the keyboard; the processes that have ended fall out of it. */
  #held(): Shown[] | undefined {
    if (!this.#body.contains(document.activeElement)) return undefined;
    return [...this.#lines.keys()].flatMap((pid) => this.#processes.get(pid) ?? []);
  }

  /** Puts the lines of these rows into the page in this order, and takes the others out. */
  #place(rows: readonly Shown[]): void {
    const lines = new Map(this.#lines);
    this.#lines.clear();
    for (const row of rows) {
      let line = lines.get(row.pid);
      lines.delete(row.pid);
      if (line === undefined) {
        line = new Line(row.pid);
        if (this.#processes.arrived.has(row.pid)) line.element.className = 'new';
      }
      line.update(row, this.#processes);
      // In the order in which they are shown.
      this.#lines.set(row.pid, line);
    }
    for (const { element: left } of lines.values()) left.remove();
    let next = this.#body.firstElementChild;
    for (const { element: placed } of this.#lines.values()) {
      if (placed === next) next = next.nextElementSibling;
      else this.#body.insertBefore(placed, next);
    }
  }

  #heads(): void {
    for (const each of COLUMNS) {
      const head = element('th', '', each.classes);
      head.dataset['column'] = each.id;
      head.scope = 'col';
      const button = element('button', each.head);
      button.type = 'button';
      button.addEventListener('click', () =>
        this.#sortBy(each, this.#column === each ? !this.#descending : each.isUse === true),
      );
      head.append(button);
      byId('heads').append(head);
      this.#sort.add(new Option(each.head, each.id));
    }
  }

  #sortBy(column: Column, descending: boolean): void {
    this.#column = column;
    this.#descending = descending;
    this.#entitle();
    this.update();
  }

  #entitle(): void {
    this.#sort.value = this.#column.id;
    for (const head of byId('heads').children) {
      if ((head as HTMLElement).dataset['column'] !== this.#column.id) head.removeAttribute('aria-sort');
      else head.setAttribute('aria-sort', this.#descending ? 'descending' : 'ascending');
    }
  }

  #move(event: KeyboardEvent): void {
    const line = (event.target as HTMLElement).closest('tr');
    const next = {
      ArrowDown: line?.nextElementSibling,
      ArrowUp: line?.previousElementSibling,
      Home: this.#body.firstElementChild,
      End: this.#body.lastElementChild,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    next?.querySelector('a')?.focus();
  }
}
