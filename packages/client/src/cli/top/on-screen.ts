import type { Client } from '../../index.js';
import { type Paint, paintFor } from '../colour.js';
import { escapeMessage } from '../escape.js';
import { print } from '../print.js';
import { Screen, type Size } from '../screen.js';
import { type Arrangement, arranged, type Place } from './arrangement.js';
import type { Row, TopColumns } from './columns.js';
import { type Effect, press } from './keys.js';
import { pageOf, screenLines, tableOf } from './lines.js';
import type { Sample } from './samples.js';
import type { Show } from './show.js';
import { signalRows } from './signalling.js';
import { summaryText } from './summary.js';
import { placed, type View } from './view.js';

/** What is shown on a terminal, where keys change it. */
export interface ShowOnScreen extends Show {
  readonly client: Client;
  readonly known: TopColumns;
}

/** Shows samples in place, until the user quits. If there are no more, the last one stays on the first screen. */
export async function onScreen(show: ShowOnScreen): Promise<void> {
  const { samples, columns, known, client, count } = show;
  const paint = paintFor(process.stdout, process.env);
  const stop = new AbortController();
  const table = new Table(show.view, count);
  using screen = new Screen((text, key) => {
    const before = table.view;
    const { view, effect } = press(before, { text, key, places: table.places, page: table.page, columns, known });
    table.view = view;
    // A failure is reported by the next sample, which reads them too.
    if (view.isFull !== before.isFull) samples.setFull(view.isFull, table.rows).then(changed, () => {});
    void act(effect);
    screen.redraw();
  });
  async function act(effect: Effect | undefined): Promise<void> {
    if (effect?.kind === 'quit') screen.end();
    if (effect?.kind !== 'signal') return;
    const said = await signalRows(client, effect.rows, effect.signal);
    table.view = { ...table.view, message: escapeMessage(said) };
    screen.redraw();
  }
  function changed(): void {
    table.rows = [...table.rows];
    screen.redraw();
  }
  void screen.quit.then(() => stop.abort());
  screen.show((size) => screenLines({ ...table.on(size), columns }, size, paint));
  try {
    for await (const sample of samples.read({ signal: stop.signal, first: SOON_MS })) {
      if (stop.signal.aborted) return;
      table.show(sample);
      screen.redraw();
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return;
  }
  screen[Symbol.dispose]();
  await print(table.printed(columns, process.stdout.columns || COMMON, paint), process.stdout);
}

/** The processes of the latest sample, arranged as the view says. */
class Table {
  view: View;
  rows: readonly Row[] = [];
  places: readonly Place[] = [];
  page = 1;
  readonly #count: number | undefined;
  #summary: Sample['summary'] | undefined;
  #arranged: { readonly rows: readonly Row[]; readonly by: Arrangement } | undefined;

  constructor(view: View, count: number | undefined) {
    this.view = view;
    this.#count = count;
  }

  show({ summary, rows }: Sample): void {
    this.#summary = summary;
    this.rows = rows;
  }

  /** What a screen of this size shows of it. */
  on(size: Size): Pick<Table, 'view' | 'places'> & { readonly summary: Sample['summary'] | undefined } {
    this.page = pageOf(size);
    this.#arrange();
    this.view = placed(this.view, this.places, this.page);
    return { summary: this.#summary, view: this.view, places: this.places };
  }

  /** The latest sample as a table, as many lines as were on the screen. */
  printed(columns: Show['columns'], width: number, paint: Paint): string[] {
    if (this.#summary === undefined) return [];
    const lines = tableOf(this.places.slice(0, this.page), columns, width, paint, this.view);
    return [`${summaryText(this.#summary, width)}\n`, ...lines];
  }

  /** To sort thousands of processes takes longer than to move a bar. */
  #arrange(): void {
    const { rows, view } = this;
    const same = (key: keyof Arrangement) => this.#arranged?.by[key] === view[key];
    if (this.#arranged?.rows === rows && ARRANGED_BY.every(same)) return;
    this.#arranged = { rows, by: view };
    this.places = arranged(rows, view).slice(0, this.#count);
  }
}

const ARRANGED_BY = ['order', 'isTree', 'isFull', 'filter'] as const satisfies readonly (keyof Arrangement)[];

/** A terminal without a size reports 0. */
const COMMON = 80;

/** An interval may be long, and the screen is empty until the first sample. */
const SOON_MS = 500;
