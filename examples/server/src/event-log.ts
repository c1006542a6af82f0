import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ProcessEvent } from 'psutil-extra';
import type { WireEvent, WireLog } from './wire.js';

/** What of a client it needs. */
type Source = Pick<Client, 'events' | 'scan'>;

/**
 * What happens to processes, twice a second. As long as there are listeners it receives the kernel's events, or compares
 * listings where the kernel does not report any. Memory is bounded: what is too much is counted and left out.
 */
export class EventLog {
  readonly #client: Source;
  readonly #poll: number;
  readonly #publish: (log: WireLog) => void;
  #waiting: WireEvent[] = [];
  #left = 0;
  #recent: readonly WireEvent[] = [];
  #trouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: Source, poll: number, publish: (log: WireLog) => void) {
    this.#client = client;
    this.#poll = poll;
    this.#publish = publish;
  }

  /** What has happened lately, for those who have just come. */
  get recent(): WireLog {
    return { isWhole: true, events: this.#recent, ...this.#reason() };
  }

  /** Until the signal is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of this.#client.events({ signal, poll: this.#poll })) this.#take(event);
        // The client was closed.
        break;
      } catch (error) {
        if (signal.aborted) break;
        this.#trouble = (error as Error).message;
        this.#publish({ isWhole: false, events: [], ...this.#reason() });
        await pause(AGAIN_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#left = 0;
    // There is a gap now: what was before it is of no use to the next listener.
    this.#recent = [];
  }

  #take(event: ProcessEvent): void {
    this.#trouble = undefined;
    if (event.kind === 'lost') this.#left += event.count;
    else if (this.#waiting.length >= MOST_AT_ONCE) this.#left++;
    else this.#waiting.push(wireEvent(event));
    this.#timer ??= this.#soon();
  }

  #soon(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#send().catch(() => {});
    }, PAUSE_MS);
  }

  async #send(): Promise<void> {
    const waiting = this.#waiting;
    const left = this.#left;
    this.#waiting = [];
    this.#left = 0;
    const events = await this.#withCommands(waiting);
    // The last listener has gone meanwhile.
    if (this.#timer === undefined) return;
    this.#timer = this.#waiting.length > 0 || this.#left > 0 ? this.#soon() : undefined;
    if (left > 0) events.push({ kind: 'lost', time: Date.now(), count: left });
    this.#recent = [...this.#recent, ...events].slice(-MOST_RECENT);
    this.#publish({ isWhole: false, events });
  }

  /** Adds the command lines of those that still live: one call reads all of them. */
  async #withCommands(events: readonly WireEvent[]): Promise<WireEvent[]> {
    const pids = [...new Set(events.flatMap((event) => ('command' in event ? [event.pid] : [])))];
    if (pids.length === 0) return [...events];
    try {
      const table = await this.#client.scan({ fields: ['cmdline'], pids });
      return events.map((event) => {
        if (!('command' in event)) return event;
        const command = table.get(event.pid)?.cmdline?.join(' ').slice(0, MOST_SHOWN) ?? '';
        return command === '' ? event : { ...event, command };
      });
    } catch {
      // They are events without it, too.
      return [...events];
    }
  }

  #reason(): Pick<WireLog, 'trouble'> {
    return this.#trouble === undefined ? {} : { trouble: this.#trouble };
  }
}

function wireEvent(event: Exclude<ProcessEvent, { kind: 'lost' }>): WireEvent {
  const { kind, pid } = event;
  const time = Math.round(event.time);
  if (kind === 'fork') return { kind, time, pid, parent: event.parent, command: null };
  if (kind === 'exec') return { kind, time, pid, exe: event.exe ?? null, command: null };
  return { kind, time, pid, code: event.code, signal: event.signal };
}

const PAUSE_MS = 500;
const AGAIN_MS = 5000;
/** Of one half second: more than one can read, and some fifty kilobytes. */
const MOST_AT_ONCE = 400;
const MOST_RECENT = 300;
const MOST_SHOWN = 200;
