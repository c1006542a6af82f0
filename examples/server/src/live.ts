import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from './event-log.js';
import { host } from './host.js';
import { eventText, Listeners } from './listeners.js';
import type { SharedSurvey } from './shared-survey.js';
import { RESOURCES, type Survey } from './survey.js';
import type { WireChange, WireLog, WireReading, WireTable, WireUse } from './wire.js';

/** Where samples come from: every process, again and again, until the signal is aborted. */
export type Sampling = (signal: AbortSignal) => AsyncIterable<Survey>;

/** What happens to processes is logged for those who listen. */
export type Logging = (publish: (log: WireLog) => void) => EventLog;

/**
 * What listeners see. One sampler serves all of them, and there is none without a listener. Only what has changed is sent, and
 * the whole table to those who have nothing yet or were too slow.
 */
export class Live {
  readonly listeners: Listeners;
  readonly #shared: SharedSurvey;
  readonly #sampling: Sampling;
  readonly #log: EventLog;
  readonly #every: number;
  /** Each row as it was last sent. */
  #rows = new Map<number, string>();
  #uses = new Map<number, WireUse>();
  #survey: Survey | undefined;
  #logged: Promise<void> = Promise.resolve();
  /** Ends the sampling that is under way. */
  #stop: AbortController | undefined;

  constructor(shared: SharedSurvey, sampling: Sampling, logging: Logging, every: number, most: number) {
    this.#shared = shared;
    this.#sampling = sampling;
    this.#log = logging((log) => this.listeners.write('log', JSON.stringify(log)));
    this.#every = every;
    this.listeners = new Listeners(most, {
      arrived: () => this.#arrived(),
      deserted: () => this.#stop?.abort(),
    });
  }

  close(): void {
    this.listeners.close();
  }

  #arrived(): void {
    if (this.#survey !== undefined && Date.now() - this.#survey.at < this.#every * 2) this.#catchUp();
    if (this.#stop !== undefined && !this.#stop.signal.aborted) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#sample(signal).catch(() => {});
    // One follows after the other, where listeners go and come at once.
    this.#logged = this.#logged.then(() => (signal.aborted ? undefined : this.#log.follow(signal))).catch(() => {});
  }

  /** Until the last listener has gone. */
  async #sample(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // A sample takes an interval: the page shows a scan until then, or the last survey if that is recent.
        const first = await this.#shared.fresh(this.#every);
        if (signal.aborted) return;
        this.#publish(first);
        for await (const survey of this.#sampling(signal)) {
          if (signal.aborted) return;
          this.#shared.add(survey);
          this.#publish(survey);
        }
      } catch (error) {
        if (signal.aborted) return;
        this.listeners.write('trouble', JSON.stringify({ message: (error as Error).message }));
        await pause(this.#every, undefined, { signal, ref: false });
      }
    }
  }

  #publish(survey: Survey): void {
    const rows = new Map<number, string>();
    const changed: string[] = [];
    for (const row of survey.rows) {
      const text = JSON.stringify(row);
      rows.set(row.pid, text);
      if (this.#rows.get(row.pid) !== text) changed.push(text);
    }
    const gone = [...this.#rows.keys()].filter((pid) => !rows.has(pid));
    const before = this.#uses;
    const uses = survey.uses.filter(([pid, cpu, rss]) => {
      const use = before.get(pid);
      return use === undefined || use[1] !== cpu || use[2] !== rss;
    });
    this.#rows = rows;
    this.#uses = new Map(survey.uses.map((use) => [use[0], use]));
    this.#survey = survey;
    const head: Omit<WireChange, 'rows'> = { ...readingOf(survey), gone, uses };
    this.listeners.write('change', withRows(head, changed));
    this.#catchUp();
  }

  #catchUp(): void {
    const survey = this.#survey;
    if (survey === undefined) return;
    this.listeners.catchUp(() => {
      const head: Omit<WireTable, 'rows'> = {
        ...readingOf(survey),
        every: this.#every,
        signals: SIGNALS,
        resources: RESOURCES,
        uses: survey.uses,
      };
      const table = eventText('table', withRows(head, [...this.#rows.values()]));
      return table + eventText('log', JSON.stringify(this.#log.recent));
    });
  }
}

function readingOf({ at, source, elapsed }: Survey): WireReading {
  return { at, source, elapsed: elapsed && Math.round(elapsed), host: host() };
}

/** The same as `JSON.stringify({ ...head, rows })`, of rows that are text already. */
function withRows(head: object, rows: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"rows":[${rows.join()}]}`;
}

/** From 1 to 64; what `node:os` has no name for is a real-time signal, of which 34 is the first to use. */
const SIGNALS: readonly string[] = (() => {
  const names = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));
  return Array.from({ length: 64 }, (_, index) => {
    const number = index + 1;
    const known = number === 6 ? 'SIGABRT' : names.get(number);
    if (known !== undefined) return known;
    return number >= 34 ? `SIGRTMIN${number === 34 ? '' : `+${number - 34}`}` : `SIG${number}`;
  });
})();
