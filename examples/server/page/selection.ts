import { byId } from './element.js';
import { MARKS, matches } from './filter.js';
import type { Processes, Shown } from './processes.js';

/** The form that narrows the table and the tree. */
export class Selection {
  readonly #processes: Processes;
  readonly #text = byId('text') as HTMLInputElement;
  readonly #state = byId('state') as HTMLSelectElement;
  readonly #kernel = byId('kernel') as HTMLInputElement;
  readonly #marks = [...document.querySelectorAll<HTMLInputElement>('#marks input')];

  constructor(processes: Processes, changed: () => void) {
    this.#processes = processes;
    for (const input of [this.#text, this.#state, this.#kernel, ...this.#marks]) {
      input.addEventListener('input', changed);
    }
    byId('filter').addEventListener('submit', (event) => event.preventDefault());
  }

  /** The processes that match, and all of those that could. */
  chosen(): { readonly found: Shown[]; readonly all: number } {
    const all = [...this.#processes.all()].filter((row) => this.#kernel.checked || !row.kernel);
    const wanted = {
      text: this.#text.value.trim().toLowerCase(),
      state: this.#state.value,
      marks: this.#marks.filter(({ checked }) => checked).map(({ name }) => name),
      kernel: this.#kernel.checked,
    };
    const found = all.filter((row) => matches(row, wanted));
    byId('count').textContent = found.length === all.length ? String(all.length) : `${found.length} of ${all.length}`;
    this.#countMarks(all);
    this.#offerStates();
    return { found, all: all.length };
  }

  #countMarks(rows: readonly Shown[]): void {
    for (const { name, nextElementSibling } of this.#marks) {
      const count = rows.filter((row) => MARKS[name]?.(row)).length;
      if (nextElementSibling !== null) nextElementSibling.textContent = String(count);
    }
  }

  /** Offers the states that there are. */
  #offerStates(): void {
    const state = this.#state;
    const present = [...new Set(Array.from(this.#processes.all(), (row) => row.state ?? ''))]
      .filter((each) => each !== '')
      .sort();
    const offered = new Set(Array.from(state.options, ({ value }) => value));
    if (present.every((each) => offered.has(each))) return;
    const chosen = state.value;
    state.replaceChildren(new Option('every state', ''), ...present.map((each) => new Option(each, each)));
    state.value = chosen;
  }
}
