import { BRANCH_HEADS, Branch, type Place } from './branch.js';
import { byId, element } from './element.js';
import { forest, type Node, pruned } from './forest.js';
import type { Processes } from './processes.js';
import type { View } from './router.js';
import type { Selection } from './selection.js';

/** The processes as a tree: which has started which, and what a process uses together with all below it. */
export class TreeView implements View {
  readonly title = 'Tree';
  readonly #processes: Processes;
  readonly #selection: Selection;
  readonly #body = byId('branches');
  readonly #branches = new Map<number, Branch>();
  /** PIDs of those whose children are not shown. */
  readonly #closed = new Set<number>();
  #places: readonly Place[] = [];
  /** The line that the tab key comes to. */
  #current: number | undefined;
  #most = 300;

  constructor(processes: Processes, selection: Selection) {
    this.#processes = processes;
    this.#selection = selection;
    for (const [index, text] of BRANCH_HEADS.entries()) {
      const head = element(
        'th',
        text,
        ['', 'number', '', 'number', 'number sum', 'number', 'number sum', 'number medium'][index],
      );
      head.scope = 'col';
      byId('branch-heads').append(head);
    }
    this.#body.addEventListener('click', ({ target }) => this.#click(target as HTMLElement));
    this.#body.addEventListener('keydown', (event) => this.#press(event));
    this.#body.addEventListener('focusin', ({ target }) => {
      this.#setCurrent(Number((target as HTMLElement).closest('tr')?.dataset['pid']));
    });
    byId('more-branches').addEventListener('click', () => {
      this.#most += 500;
      this.update();
    });
  }

  open(): void {
    byId('tree').hidden = false;
    this.update();
  }

  close(): void {
    byId('tree').hidden = true;
  }

  update(): void {
    const { found } = this.#selection.chosen();
    const wanted = new Set(found.map(({ pid }) => pid));
    const places = [
      ...this.#walk(
        pruned(forest(this.#processes.all()), ({ pid }) => wanted.has(pid)),
        1,
      ),
    ];
    this.#places = places.slice(0, this.#most);
    const focused = document.activeElement;
    this.#place();
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus({ preventScroll: true });
    if (!this.#places.some(({ node }) => node.row.pid === this.#current))
      this.#setCurrent(this.#places[0]?.node.row.pid);
    const more = byId('more-branches');
    more.hidden = places.length <= this.#most;
    more.textContent = `show ${Math.min(500, places.length - this.#most)} more of ${places.length}`;
    byId('no-branch').hidden = places.length > 0 || this.#processes.size === 0;
  }

  *#walk(nodes: readonly Node[], level: number): Generator<Place> {
    for (const node of nodes) {
      const isOpen = !this.#closed.has(node.row.pid);
      yield { node, level, isOpen };
      if (isOpen) yield* this.#walk(node.children, level + 1);
    }
  }

  #place(): void {
    const left = new Map(this.#branches);
    let next = this.#body.firstElementChild;
    for (const place of this.#places) {
      const { pid } = place.node.row;
      let branch = left.get(pid);
      left.delete(pid);
      if (branch === undefined) {
        branch = new Branch(pid);
        this.#branches.set(pid, branch);
      }
      branch.update(place, this.#processes);
      if (branch.element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(branch.element, next);
    }
    for (const [pid, branch] of left) {
      branch.element.remove();
      this.#branches.delete(pid);
      if (this.#processes.get(pid) === undefined) this.#closed.delete(pid);
    }
  }

  #setCurrent(pid: number | undefined): void {
    const before = this.#current === undefined ? undefined : this.#branches.get(this.#current);
    if (before !== undefined) before.element.tabIndex = -1;
    this.#current = pid;
    const now = pid === undefined ? undefined : this.#branches.get(pid);
    if (now !== undefined) now.element.tabIndex = 0;
  }

  #click(target: HTMLElement): void {
    const pid = Number(target.closest('tr')?.dataset['pid']);
    if (target.closest('.toggle') !== null) this.#set(pid, this.#closed.has(pid));
    else if (pid > 0 && getSelection()?.isCollapsed !== false) location.hash = `#/process/${pid}`;
  }

  #set(pid: number, isOpen: boolean): void {
    if (isOpen) this.#closed.delete(pid);
    else this.#closed.add(pid);
    this.update();
  }

  /** As in any tree: up and down go through the lines, right opens one or goes into it, left closes one or goes out of it. */
  #press(event: KeyboardEvent): void {
    const index = this.#places.findIndex(({ node }) => node.row.pid === this.#current);
    const place = this.#places[index];
    if (place === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const { node, level, isOpen } = place;
    const { pid } = node.row;
    const hasChildren = node.children.length > 0;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#focus(index + 1),
      ArrowUp: () => this.#focus(index - 1),
      Home: () => this.#focus(0),
      End: () => this.#focus(this.#places.length - 1),
      ArrowRight: () => {
        if (hasChildren && !isOpen) this.#set(pid, true);
        else if (hasChildren) this.#focus(index + 1);
      },
      ArrowLeft: () => {
        if (hasChildren && isOpen) this.#set(pid, false);
        else this.#focus(this.#places.findLastIndex((each, at) => at < index && each.level < level));
      },
      Enter: () => {
        location.hash = `#/process/${pid}`;
      },
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  #focus(index: number): void {
    const pid = this.#places[index]?.node.row.pid;
    if (pid !== undefined) this.#branches.get(pid)?.element.focus();
  }
}
