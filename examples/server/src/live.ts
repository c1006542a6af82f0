import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { SharedSurvey } from './shared-survey.js';
import { RESOURCES, type Survey } from './survey.js';
import type { WireChange, WireTable } from './wire.js';

/**
 * Server-sent events for any number of listeners. One scan serves all of them, there is none without a listener, and each
 * event is written as text once. A listener that does not keep up misses changes, and gets the whole table when it has.
 */
export class Live {
  readonly #shared: SharedSurvey;
  readonly #every: number;
  readonly #most: number;
  /** Each holds its connection until it closes: any other request on it would never be answered. */
  readonly #held = new Map<Socket, ServerResponse>();
  readonly #listeners = new Map<ServerResponse, { behind: boolean }>();
  /** Each row as it was last sent. */
  #sent = new Map<number, string>();
  #survey: Survey | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(shared: SharedSurvey, every: number, most: number) {
    this.#shared = shared;
    this.#every = every;
    this.#most = most;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Whether there is room for another listener. Each may have a megabyte that it has not read, and a table behind it. */
  get isFull(): boolean {
    return this.#held.size >= this.#most;
  }

  /** Whether a connection has asked for events, after which no other request of it has an answer. */
  holds(connection: Socket): boolean {
    return this.#held.has(connection);
  }

  /** Listens from when the response has its connection: until then answers to earlier requests are being sent on it. */
  admit(connection: Socket, response: ServerResponse): void {
    this.#held.set(connection, response);
    const leave = (): void => {
      connection.off('close', leave);
      this.#held.delete(connection);
      this.#listeners.delete(response);
    };
    // The connection's as well, because a response that never got a connection does not close.
    connection.once('close', leave);
    response.once('close', leave);
    if (response.socket === null) response.once('socket', () => this.#listen(response));
    else this.#listen(response);
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, EVENTS);
    // Its first event is the whole table, be it of the scan before, so that the page is not empty for two seconds.
    this.#listeners.set(response, { behind: true });
    if (this.#survey !== undefined && Date.now() - this.#survey.at < this.#every * 2) this.#catchUp();
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const response of this.#held.values()) response.end();
    this.#held.clear();
    this.#listeners.clear();
  }

  #look(): void {
    if (this.#looking || this.#timer !== undefined) return;
    this.#looking = true;
    this.#shared
      .fresh(0)
      .then(
        (survey) => this.#publish(survey),
        (error: Error) => this.#write('trouble', JSON.stringify({ message: error.message })),
      )
      .finally(() => {
        this.#looking = false;
        if (this.#listeners.size === 0) return;
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          if (this.#listeners.size > 0) this.#look();
        }, this.#every);
      })
      .catch(() => {});
  }

  #publish(survey: Survey): void {
    const before = this.#sent;
    const now = new Map<number, string>();
    const changed: string[] = [];
    for (const row of survey.rows) {
      const text = JSON.stringify(row);
      now.set(row.pid, text);
      if (before.get(row.pid) !== text) changed.push(text);
    }
    const gone = [...before.keys()].filter((pid) => !now.has(pid));
    this.#sent = now;
    this.#survey = survey;
    const { at, took } = survey;
    const head: Omit<WireChange, 'rows'> = { at, took, gone };
    this.#write('change', withRows(head, changed));
    this.#catchUp();
  }

  #write(event: string, data: string): void {
    const text = `event: ${event}\ndata: ${data}\n\n`;
    for (const [response, listener] of this.#listeners) {
      if (listener.behind) continue;
      if (response.writableLength > MOST_UNSENT) listener.behind = true;
      else response.write(text);
    }
  }

  /** Sends the whole table to those who have none, or have missed something, and have room for it. */
  #catchUp(): void {
    const behind = [...this.#listeners].filter(
      ([response, listener]) => listener.behind && response.writableLength === 0,
    );
    if (behind.length === 0 || this.#survey === undefined) return;
    const { at, took, source } = this.#survey;
    const head: Omit<WireTable, 'rows'> = { at, took, source, signals: SIGNALS, resources: RESOURCES };
    const text = `event: table\ndata: ${withRows(head, [...this.#sent.values()])}\n\n`;
    for (const [response, listener] of behind) {
      listener.behind = false;
      response.write(text);
    }
  }
}

/** The headers of the answer. */
export const EVENTS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** The same as `JSON.stringify({ ...head, rows })`, of rows that are text already. */
function withRows(head: object, rows: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"rows":[${rows.join()}]}`;
}

const MOST_UNSENT = 1 << 20;

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
