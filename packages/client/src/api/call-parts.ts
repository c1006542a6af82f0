import { loadFrames } from '@psutil-extra/native/protocol';
import type { WireError } from '@psutil-extra/worker';
import { Batcher } from '../batch/batcher.js';
import { ActionCall } from '../calls/action-call.js';
import { CallRunner } from '../calls/call-runner.js';
import { FieldReader } from '../calls/field-reader.js';
import { IdentifyCall } from '../calls/identify-call.js';
import { LimitCall } from '../calls/limit-call.js';
import { ListCall } from '../calls/list-call.js';
import { ReadCall } from '../calls/read-call.js';
import { ScopeOpener } from '../calls/scope-opener.js';
import { SnapshotCall } from '../calls/snapshot-call.js';
import { WriteBarriers } from '../calls/write-barriers.js';
import { debugIfAsked } from '../observe/debug.js';
import { Counters } from '../observe/stats.js';
import type { Scope } from '../oneshot/scope.js';
import { OneshotContext } from '../oneshot/scope-context.js';
import { everyFrame } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { ScanStrategy } from '../scan/scan-strategy.js';
import type { ScopePorts } from '../threads/backend.js';
import { Dispatcher } from '../threads/dispatcher.js';
import type { CheckedOptions } from './client-options.js';
import { OneshotCall } from './oneshot.js';
import type { ProcessCalls } from './process-methods.js';
import { supports } from './supports.js';
import { TableCall } from './table-call.js';

/** What these parts use of their client. */
export interface CallContext extends ScanContext, ProcessCalls {
  readonly options: CheckedOptions;
  readonly lazy: { readonly ports: ScopePorts };
}

/** The parts of a client that calls go through. A client loads this module, and all that only it imports, at its first call. */
export class CallParts {
  readonly counters: Counters;
  readonly dispatcher: Dispatcher;
  readonly strategy: ScanStrategy;
  readonly calls: CallRunner;
  readonly reader: FieldReader;
  readonly reads: ReadCall;
  readonly limits: LimitCall;
  readonly actions: ActionCall;
  readonly snapshots: SnapshotCall;
  readonly identities: IdentifyCall;
  readonly lists: ListCall;
  readonly tables: TableCall;
  readonly oneshots: OneshotCall;
  readonly #client: CallContext;
  readonly #barriers = new WriteBarriers();
  readonly #batch: Batcher;

  constructor(client: CallContext) {
    loadFrames();
    debugIfAsked(process.env);
    const { options, origin, isOwnRoot, pool } = client;
    const barriers = this.#barriers;
    const counters = new Counters(origin);
    const strategy = new ScanStrategy(options.source, isOwnRoot, origin);
    const dispatcher = new Dispatcher(pool);
    const batch = new Batcher(dispatcher, counters, {
      paysFor: (requested) => strategy.paysFor(requested),
      read: (fields) => everyFrame(client, fields),
    });
    const context = new OneshotContext<Scope>();
    const runner = new CallRunner(counters, options.maxQueue, origin);
    const reader = new FieldReader(runner, batch, context, barriers, origin);
    this.#client = client;
    this.#batch = batch;
    this.counters = counters;
    this.strategy = strategy;
    this.dispatcher = dispatcher;
    this.calls = runner;
    this.reader = reader;
    this.reads = new ReadCall(runner, reader, batch, context, barriers);
    this.limits = new LimitCall(runner, reader, origin);
    this.actions = new ActionCall(runner, batch, context, barriers, dispatcher, isOwnRoot, origin);
    this.snapshots = new SnapshotCall(runner, reader, origin);
    this.identities = new IdentifyCall(runner, reader, dispatcher);
    this.lists = new ListCall(runner, dispatcher, (processes) => strategy.learn(processes));
    this.tables = new TableCall(client, runner);
    const scopes = new ScopeOpener(runner, reader, batch, context, () => client.lazy.ports);
    this.oneshots = new OneshotCall(client, context, scopes);
  }

  isWriting(pid: number): boolean {
    return this.#barriers.isWriting(pid);
  }

  supports(name: string): boolean {
    const { origin, isOwnRoot } = this.#client;
    return supports(name, origin, isOwnRoot, () => this.strategy.refusal);
  }

  /** Answers with this error what has no answer yet. */
  abandon(error: WireError): void {
    this.#batch.abandon(error);
  }
}
