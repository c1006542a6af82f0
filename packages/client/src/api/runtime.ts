import type { WireError } from '@psutil-extra/worker';
import { Batcher } from '../batch/batcher.js';
import { ActionCall } from '../calls/action-call.js';
import { CallRunner } from '../calls/call-runner.js';
import { FieldReader } from '../calls/field-reader.js';
import { IdentifyCall } from '../calls/identify-call.js';
import { LimitCall } from '../calls/limit-call.js';
import { ListCall } from '../calls/list-call.js';
import { ReadCall } from '../calls/read-call.js';
import { SnapshotCall } from '../calls/snapshot-call.js';
import { WriteBarriers } from '../calls/write-barriers.js';
import { Counters } from '../observe/stats.js';
import type { Scope } from '../oneshot/scope.js';
import { OneshotContext } from '../oneshot/scope-context.js';
import type { CallState } from '../oneshot/settled-values.js';
import { ScanStrategy } from '../scan/scan-strategy.js';
import type { Origin } from '../schema/fields.js';
import { Dispatcher } from '../threads/dispatcher.js';
import { Pool } from '../threads/pool.js';
import { type CheckedOptions, DEFAULT_ROOT } from './client-options.js';
import { CLOSED } from './closed.js';
import type { EarlyParts, LaterParts } from './later.js';

/** The parts of a client: made, connected and closed here. The client, its processes and its oneshots share one. */
export class Runtime implements EarlyParts, CallState {
  readonly options: CheckedOptions;
  readonly origin: Origin;
  /** Whether system calls by PID mean the processes of the proc root. */
  readonly isOwnRoot: boolean;
  readonly counters = new Counters();
  readonly pool: Pool;
  readonly dispatcher: Dispatcher;
  readonly strategy: ScanStrategy;
  readonly context = new OneshotContext<Scope>();
  readonly calls: CallRunner;
  readonly reads: ReadCall;
  readonly limits: LimitCall;
  readonly actions: ActionCall;
  readonly snapshots: SnapshotCall;
  readonly identities: IdentifyCall;
  readonly lists: ListCall;
  readonly reader: FieldReader;
  readonly batch: Batcher;
  /** What may last for days: it is closed before the calls are waited for. */
  readonly closedFirst: (() => void | Promise<void>)[] = [];
  readonly #barriers = new WriteBarriers();
  #later: LaterParts | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: CheckedOptions) {
    const { procRoot: root } = options;
    const { counters, context } = this;
    const barriers = this.#barriers;
    this.options = options;
    this.origin = { root };
    this.isOwnRoot = root === DEFAULT_ROOT;
    this.strategy = new ScanStrategy(options.source, this.isOwnRoot);
    this.pool = new Pool(options.threads, root, options.stallTimeout);
    this.dispatcher = new Dispatcher(this.pool);
    const { dispatcher, strategy } = this;
    const batch = new Batcher(dispatcher, counters, {
      paysFor: (requested) => strategy.paysFor(requested),
      read: async (fields) => {
        try {
          return await this.later.everyFrame(fields);
        } catch {
          // The modules could not be read: the processes are read one by one.
          return undefined;
        }
      },
    });
    this.batch = batch;
    const runner = new CallRunner(counters, options.maxQueue, root);
    const reader = new FieldReader(runner, batch, context, barriers, root);
    this.calls = runner;
    this.reader = reader;
    this.reads = new ReadCall(runner, reader, batch, context, barriers);
    this.limits = new LimitCall(runner, reader, root);
    this.actions = new ActionCall(runner, batch, context, barriers, dispatcher, this.isOwnRoot, root);
    this.snapshots = new SnapshotCall(runner, reader, root);
    this.identities = new IdentifyCall(runner, reader, dispatcher);
    this.lists = new ListCall(runner, dispatcher, (processes) => strategy.learn(processes));
  }

  /** The parts that are loaded when one of them is used first. */
  get later(): LaterParts {
    if (this.#later === undefined) {
      this.#later = new (laterParts())(this);
      if (this.isClosed) void this.#closeFirst();
    }
    return this.#later;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  isWriting(pid: number): boolean {
    return this.#barriers.isWriting(pid);
  }

  errorFromWire(error: WireError, pid: number, what: string): Error {
    return this.calls.errorFromWire(error, pid, what);
  }

  /** Waits at most a second for the answers to pending calls, and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Those in closedFirst would keep the calls from becoming idle.
    await Promise.all([this.calls.close(CLOSING_MS), this.#closeFirst()]);
    this.batch.abandon(CLOSED);
    this.#later?.ports.close();
    await this.pool.destroy();
  }

  async #closeFirst(): Promise<void> {
    await Promise.all(this.closedFirst.map(async (close) => close()));
  }
}

/**
 * Not by `import()`: Jest has none in CommonJS, and `events()` returns at once. If a file cannot be read, this throws, and the
 * next call tries again: methods that return promises are async, so that theirs reject.
 */
function laterParts(): typeof LaterParts {
  parts ??= (require('./later.js') as typeof import('./later.js')).LaterParts;
  return parts;
}

let parts: typeof LaterParts | undefined;

const CLOSING_MS = 1000;
