import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Field } from 'psutil-extra';
import { invalidType } from './arguments.js';
import { FACT_FIELDS, readFacts } from './facts.js';
import type { Group } from './group.js';
import { Labels } from './labels.js';
import { type Extra, type GroupOptions, type ReadGroupOptions, readGroupOptions } from './options.js';
import { FIELDS, OPTIONAL_FIELDS, type OptionalField, Processes, type Table, type Tracked } from './processes.js';
import { MAIN_THREAD } from './rules.js';

/**
 * Reads every process at regular intervals, and adds them up by groups. It begins at once, and keeps the program alive until it is
 * closed. Exporters take what was read last: they start no reading.
 *
 * @throws TypeError or RangeError if an option is wrong.
 */
export function groupProcesses(client: Client, options?: GroupOptions): ProcessGroups {
  if (typeof (client as Partial<Client> | undefined)?.sample !== 'function') {
    throw invalidType('client', 'what createClient() returns', client);
  }
  return new ProcessGroups(client, readGroupOptions(options));
}

/** Groups of processes, as they were at the last reading. */
export class ProcessGroups implements AsyncDisposable {
  /** How many groups there are at most, without `other`. */
  readonly maxGroups: number;
  /** Milliseconds from one reading to the next. */
  readonly interval: number;
  readonly #client: Client;
  readonly #options: ReadGroupOptions;
  readonly #processes: Processes;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  readonly #settleFirst: Settle;
  readonly #first: Promise<void>;
  #readings = 0;
  #failures = 0;
  #error: unknown;
  #readAt = Number.NaN;
  #slowAt = Number.NEGATIVE_INFINITY;

  /** @internal Made by `groupProcesses()`. */
  constructor(client: Client, options: ReadGroupOptions) {
    this.#client = client;
    this.#options = options;
    this.maxGroups = options.maxGroups;
    this.interval = options.interval;
    const optional = options.include.filter(
      (extra): extra is OptionalField =>
        Object.hasOwn(OPTIONAL_FIELDS, extra) && client.supports(extra as OptionalField),
    );
    const labels = new Labels(options.redact, options.maxNameLength);
    this.#processes = new Processes(options.rules, labels, { ...options, optional });
    let settle: Settle = { resolve: () => {}, reject: () => {} };
    this.#first = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#settleFirst = settle;
    // Without a caller of ready() it is no unhandled rejection.
    this.#first.catch(() => {});
    this.#running = this.#run([...FIELDS, ...optional]);
  }

  /** Resolves when processes have been read once; rejects with the reason if that fails, or if it is closed before. */
  ready(): Promise<void> {
    return this.#first;
  }

  /** How many readings there have been. */
  get readings(): number {
    return this.#readings;
  }

  /** How many readings have failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Why the last reading has failed; `undefined` if it has not. */
  get error(): unknown {
    return this.#error;
  }

  /** Milliseconds since the last reading by a clock that is never set; NaN if there is none. */
  get age(): number {
    return performance.now() - this.#readAt;
  }

  /** How many groups there are, without `other`. */
  get size(): number {
    return this.#processes.groups.size;
  }

  /** How many processes did not let their disk I/O be read: those of other users, without CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH. */
  get unreadIo(): number {
    return this.#processes.unreadIo;
  }

  /** @internal The groups in the order of their names. */
  list(): readonly Group[] {
    return this.#processes.groups.inOrder();
  }

  /** Reads no more. Exporters keep what was read last. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(fields: readonly Field[]): Promise<void> {
    const { signal } = this.#end;
    const { interval, onError } = this.#options;
    while (!signal.aborted) {
      try {
        // The first sample comes after an interval: until then there is what a scan reads now.
        if (this.#readings === 0) await this.#take(await this.#client.scan({ fields, signal }));
        for await (const table of this.#client.sample({ fields, interval, signal })) await this.#take(table);
        // The client has been closed.
        break;
      } catch (error) {
        if (signal.aborted || (error as NodeJS.ErrnoException).code === CLOSED) break;
        this.#failures++;
        this.#error = error;
        if (this.#readings === 0) this.#settleFirst.reject(error);
        report(error, onError);
        await pause(interval, undefined, { signal }).catch(() => {});
      }
    }
    // Where it has been read, this comes too late.
    this.#settleFirst.reject(new Error('the client, or the groups, have been closed before a reading'));
  }

  async #take(table: Table): Promise<void> {
    const time = performance.now();
    const fresh = this.#processes.match(table);
    // A reading is due at whole intervals, of which none is exactly as long as it should be.
    const isSlowDue = time - this.#slowAt >= this.#options.slowInterval - this.#options.interval / 2;
    await this.#learn(isSlowDue ? [...this.#processes.all()] : fresh, isSlowDue);
    if (isSlowDue) this.#slowAt = time;
    // From here on nothing waits: a scrape sees all of a reading or nothing of it.
    this.#processes.account(table, time);
    this.#readings++;
    this.#readAt = time;
    this.#error = undefined;
    this.#settleFirst.resolve();
  }

  /** Reads what is not read each time, of processes that are new, and of all at a slow pace. */
  async #learn(processes: readonly Tracked[], isAll: boolean): Promise<void> {
    const { needs } = this.#options.rules;
    const wanted = [...needs].flatMap((fact): readonly Field[] => FACT_FIELDS[fact]);
    const fields = [...new Set([...wanted, ...this.#slowFields()])].filter((field) => this.#client.supports(field));
    const { signal } = this.#end;
    if (needs.has('cmdline') || !needs.has('name') || !this.#client.supports('cmdline')) {
      const pids = isAll ? undefined : pidsOf(processes);
      this.#processes.learn(processes, await readFacts(this.#client, fields, pids, signal));
      return;
    }
    // Command lines may block their readers: only those are read without which a name says nothing.
    const nameless = processes.filter(({ name }) => name === MAIN_THREAD);
    const others = processes.filter(({ name }) => name !== MAIN_THREAD);
    this.#processes.learn(others, await readFacts(this.#client, fields, pidsOf(others), signal));
    const withCommand: readonly Field[] = [...fields, 'cmdline'];
    this.#processes.learn(nameless, await readFacts(this.#client, withCommand, pidsOf(nameless), signal));
  }

  #slowFields(): readonly Field[] {
    return this.#options.include.flatMap((extra) => SLOW[extra] ?? []);
  }
}

/** An error of the listener is the program's: it must not end the readings, nor be hidden. */
function report(error: unknown, onError: (error: unknown) => void): void {
  try {
    onError(error);
  } catch (thrown) {
    setImmediate(() => {
      throw thrown;
    });
  }
}

interface Settle {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function pidsOf(processes: readonly Tracked[]): number[] {
  return processes.map(({ pid }) => pid);
}

/** The code of the error of a client that has been closed. */
const CLOSED = 'ERR_CLIENT_CLOSED';

/** What is read at a slow pace. */
const SLOW: { readonly [extra in Extra]?: readonly Field[] } = {
  descriptors: ['fdCount', 'rlimits'],
  oomScore: ['oomScore'],
  // Of one link, so that the path costs nothing.
  deleted: ['exeDeleted', 'exe'],
};
