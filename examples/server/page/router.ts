import { byId } from './element.js';

/** What the page shows of the processes: a table, a tree, one process, or what has happened. */
export interface View {
  /** As the title of the window says it. */
  readonly title: string;
  /** Shows it; the rest is what stands behind its name in the address. */
  open(rest: string): void;
  close(): void;
  /** The processes have been read anew. */
  update(): void;
}

/** By their names in the address; that without a name is the first one. */
type Views = Readonly<Record<string, View>> & { readonly '': View };

/** Shows the view that the address names: `#/tree`, `#/process/4711`. */
export class Router {
  readonly #views: Views;
  readonly #machine: () => string;
  #open: View | undefined;
  /** Of the view before a single process, to which one returns from it. */
  #list = '#/';

  constructor(views: Views, machine: () => string) {
    this.#views = views;
    this.#machine = machine;
    addEventListener('hashchange', () => this.#go(true));
    this.#go(false);
  }

  update(): void {
    this.#open?.update();
    this.#entitle();
  }

  /** From a process to the list that it was chosen in. */
  leave(): void {
    if (this.#open === this.#views['process']) location.hash = this.#list;
  }

  #go(byUser: boolean): void {
    const [, name = '', rest = ''] = location.hash.split('/');
    const view = this.#views[name] ?? this.#views[''];
    if (view !== this.#open) this.#open?.close();
    this.#open = view;
    if (name !== 'process') this.#list = location.hash === '' ? '#/' : location.hash;
    document.body.dataset['view'] = view === this.#views[name] && name !== '' ? name : 'processes';
    for (const link of document.querySelectorAll<HTMLAnchorElement>('#views a')) {
      if (link.getAttribute('href') === this.#list) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    view.open(decodeURIComponent(rest));
    this.#entitle();
    // As on a new page, one reads on from its top, where the links to the views are; not at first, where the focus is there anyhow.
    if (!byUser) return;
    byId('main').focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #entitle(): void {
    const title = [this.#open?.title, this.#machine()].filter((part) => part !== '').join(' – ');
    if (document.title !== title) document.title = title;
  }
}
