import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Client } from 'psutil-extra';
import { STATES } from './states.js';
import type { Survey } from './survey.js';
import type { WireRow } from './wire.js';

/** What Prometheus reads. A scrape is a scan, unless another request or a sample has just read every process. */
export class Metrics {
  readonly registry = new Registry();
  readonly #client: Client;
  readonly #processes = this.#gauge('psutil_processes', 'Processes by state', ['state']);
  readonly #ignoring = this.#gauge(
    'psutil_processes_ignoring_sigterm',
    'Processes by name that ignore SIGTERM, and will not end when they are asked to',
    ['name'],
  );
  readonly #blocking = this.#gauge('psutil_processes_blocking_sigterm', 'Processes whose main thread blocks SIGTERM');
  readonly #umask = this.#gauge('psutil_processes_umask_000', 'Processes whose new files every user may write to');
  readonly #near = this.#gauge('psutil_processes_near_limit', 'Processes that have used four fifths of a soft limit', [
    'resource',
  ]);
  readonly #took = new Histogram({
    name: 'psutil_scan_duration_seconds',
    help: 'What a scan of every process took',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [this.registry],
  });
  readonly #source = this.#gauge('psutil_scan_source', 'How processes are read: 1 for the source in use', ['source']);
  readonly #pending = this.#gauge('psutil_client_pending', 'Calls that wait for their answer');
  readonly #calls = this.#counter('psutil_client_calls_total', 'Calls made, a scan being one');
  readonly #hits = this.#counter('psutil_client_cache_hits_total', 'Calls that a oneshot scope has answered');
  readonly #messages = this.#counter('psutil_client_messages_total', 'Messages sent to threads');
  readonly #reads = this.#counter('psutil_client_reads_total', 'Reads of each source', ['source']);

  constructor(client: Client) {
    this.#client = client;
    // Among them the delay of the event loop: this library's promise is that it stays low.
    collectDefaultMetrics({ register: this.registry });
  }

  /** For each scan that was made for a request: what it took, in milliseconds. */
  observe(took: number): void {
    this.#took.observe(took / 1000);
  }

  text({ rows, source }: Survey): Promise<string> {
    this.#processes.reset();
    for (const state of STATES) this.#processes.set({ state }, 0);
    for (const { state } of rows) this.#processes.inc({ state: state ?? 'unknown' });
    const users = rows.filter(({ kernel }) => !kernel);
    this.#ignoring.reset();
    for (const [name, count] of counted(users.filter((row) => ignoresSigterm(row))))
      this.#ignoring.set({ name }, count);
    this.#blocking.set(users.filter((row) => hasSigterm(row, BLOCKED)).length);
    this.#umask.set(users.filter(({ umask }) => umask === 0).length);
    for (const resource of ['RLIMIT_NOFILE', 'RLIMIT_NPROC']) {
      this.#near.set({ resource }, rows.filter(({ near }) => near.includes(resource)).length);
    }
    this.#source.reset();
    this.#source.set({ source }, 1);
    const { calls, cacheHits, messages, pending, reads } = this.#client.stats();
    total(this.#calls, calls);
    total(this.#hits, cacheHits);
    total(this.#messages, messages);
    this.#pending.set(pending);
    this.#reads.reset();
    for (const [name, count] of Object.entries(reads)) this.#reads.inc({ source: name }, count);
    return this.registry.metrics();
  }

  #gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

/** Whether a row of the survey ignores SIGTERM. */
export function ignoresSigterm(row: WireRow): boolean {
  return hasSigterm(row, IGNORED);
}

function hasSigterm({ signals }: WireRow, which: number): boolean {
  const mask = signals?.split('.')[which];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> SIGTERM_BIT) & 1n) === 1n;
}

const [BLOCKED, IGNORED] = [1, 2];
const SIGTERM_BIT = 14n;

/** Processes by name. Each name becomes a series that Prometheus keeps, so their number is limited. */
function counted(rows: readonly WireRow[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const row of rows) {
    const own = row.name ?? 'unknown';
    const name = names.has(own) || names.size < MOST_NAMES ? own : 'other';
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  return names;
}

const MOST_NAMES = 50;

/** The client counts by itself; prom-client's counters only know how to add. */
function total(counter: Counter, value: number): void {
  counter.reset();
  counter.inc(value);
}
