import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is done as listeners come and go. */
export interface Attendance {
  /** A listener has come, and has nothing yet. */
  readonly arrived: () => void;
  /** The last listener has gone. */
  readonly deserted: () => void;
}

/**
 * Those who receive server-sent events. Each event becomes text once for all of them. One that does not keep up receives nothing
 * until it has read what it was sent, and then everything at once.
 */
export class Listeners {
  readonly #most: number;
  readonly #attendance: Attendance;
  /** Each holds its connection until it closes: any other request on it would never be answered. */
  readonly #held = new Map<Socket, ServerResponse>();
  readonly #listeners = new Map<ServerResponse, { behind: boolean }>();

  constructor(most: number, attendance: Attendance) {
    this.#most = most;
    this.#attendance = attendance;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Whether there is no room for another. Each may have a megabyte that it has not read, and a table behind it. */
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
      if (this.#listeners.delete(response) && this.#listeners.size === 0) this.#attendance.deserted();
    };
    // The connection's as well, because a response that never got a connection does not close.
    connection.once('close', leave);
    response.once('close', leave);
    if (response.socket === null) response.once('socket', () => this.#listen(response));
    else this.#listen(response);
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, EVENTS);
    this.#listeners.set(response, { behind: true });
    this.#attendance.arrived();
  }

  /** Sends an event to those who have everything before it. */
  write(event: string, data: string): void {
    const text = eventText(event, data);
    for (const [response, listener] of this.#listeners) {
      if (listener.behind) continue;
      if (response.writableLength > MOST_UNSENT) listener.behind = true;
      else response.write(text);
    }
  }

  /** Sends everything to those who have nothing, or have missed something, and have room for it. */
  catchUp(everything: () => string): void {
    const behind = [...this.#listeners].filter(
      ([response, listener]) => listener.behind && response.writableLength === 0,
    );
    if (behind.length === 0) return;
    const text = everything();
    for (const [response, listener] of behind) {
      listener.behind = false;
      response.write(text);
    }
  }

  close(): void {
    for (const response of this.#held.values()) response.end();
    this.#held.clear();
    if (this.#listeners.size === 0) return;
    this.#listeners.clear();
    this.#attendance.deserted();
  }
}

/** The headers of the answer. */
export const EVENTS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** An event as it is sent. The data is JSON, which has no line breaks. */
export function eventText(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}

const MOST_UNSENT = 1 << 20;
