import type { Client } from 'psutil-extra';
import { type Paint, paintFor } from '../colour.mjs';
import { escapeMessage } from '../escape.mjs';
import { print } from '../print.mjs';
import { Screen, type Size } from '../screen.mjs';
import { type Arrangement, arranged, type Place } from './arrangement.mjs';
import type { Row, TopColumns } from './columns.mjs';
import { type Effect, press } from './keys.mjs';
import { pageOf, screenLines, tableOf } from './lines.mjs';
import type { Sample } from './samples.mjs';
import type { Show } from './show.mjs';
import { signalRows } from './signalling.mjs';
import { summaryText } from './summary.mjs';
import { placed, type View } from './view.mjs';

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
