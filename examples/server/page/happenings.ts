import type { WireEvent, WireLog } from '../src/wire.js';
import type { Processes } from './processes.js';

/** An event with the name of its process, as far as it was known then. */
export interface Happening {
  /** Counts up, so that each has a number of its own. */
  readonly id: number;
  readonly event: WireEvent;
  readonly name: string;
  /** What has begun, what it executes, or how it has ended. */
  readonly text: string;
  /** Whether it ended with a code other than 0, or by a signal. */
  readonly isFailure: boolean;
}

/** The events so far, the oldest first, as many as one would read. */
export class Happenings {
  readonly #processes: Processes;
  /** Of processes that the table may not have, because they lived for less than an interval. */
  readonly #names = new Map<number, string>();
  #all: Happening[] = [];
  #next = 0;
  trouble: string | undefined;

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  get all(): readonly Happening[] {
    return this.#all;
  }

  add({ isWhole, events, trouble }: WireLog): void {
    this.trouble = trouble;
    const last = isWhole ? (this.#all.at(-1)?.event.time ?? 0) : 0;
    // After a pause the server repeats what it has sent lately.
    const fresh = events.filter(({ time }) => time > last);
    this.#all = [...this.#all, ...fresh.map((event) => this.#happening(event))].slice(-MOST);
  }

  #happening(event: WireEvent): Happening {
    const id = this.#next++;
    const name = event.kind === 'lost' ? '' : this.#nameOf(event);
    return { id, event, name, text: this.#textOf(event), isFailure: isFailure(event) };
  }

  #nameOf(event: Exclude<WireEvent, { kind: 'lost' }>): string {
    const { kind, pid } = event;
    const known = this.#names.get(pid) ?? this.#processes.get(pid)?.name ?? undefined;
    let name = known ?? '?';
    if (kind === 'fork') name = this.#known(event.parent);
    if (kind === 'exec') name = fileOf(event.exe ?? event.command?.split(' ')[0]) ?? name;
    if (kind === 'exit') this.#names.delete(pid);
    else this.#names.set(pid, name);
    if (this.#names.size > MOST_NAMES) this.#names.delete(this.#names.keys().next().value as number);
    return name;
  }

  #known(pid: number): string {
    return this.#names.get(pid) ?? this.#processes.get(pid)?.name ?? '?';
  }

  #textOf(event: WireEvent): string {
    switch (event.kind) {
      case 'fork':
        return event.parent === 0 ? 'from outside' : `by ${this.#known(event.parent)} ${event.parent}`;
      case 'exec':
        return event.command ?? event.exe ?? '';
      case 'exit':
        if (event.signal !== null) return event.signal;
        return event.code === null ? '' : `code ${event.code}`;
      default:
        return `${event.count} events were too many to show`;
    }
  }
}

function isFailure(event: WireEvent): boolean {
  return event.kind === 'exit' && (event.signal !== null || (event.code ?? 0) !== 0);
}

function fileOf(path: string | undefined): string | undefined {
  return path?.split('/').at(-1);
}

const MOST = 2000;
const MOST_NAMES = 5000;
