import {
  ANY_START,
  FIELD_INDEX,
  FieldSet,
  type Frame,
  ONLY,
  ReadFlag,
  settle,
  withColumns,
} from '@psutil-extra/native/protocol';
import type { ReadRequest, WireError } from '@psutil-extra/worker';
import { ONE_BATCH, Scan, TooManyBytes } from '../scan/scan.js';
import type { ScanContext } from '../scan/scan-context.js';
import { ProcessRef } from '../schema/process-ref.js';
import { frameFrom } from '../schema/thread-answers.js';
import { type Allowed, nameOfAction, secretsIn, withheldFields } from './allowed.js';
import { PartWriter } from './answer-parts.js';
import { type AnswerRecord, MOST_SCAN_BYTES, RecordKind } from './answer-records.js';
import { carrying } from './carried-error.js';
import { describeHost } from './described-host.js';
import type { HostDescription } from './description.js';
import type { Redaction } from './redaction.js';
import {
  BUSY,
  CLOSED,
  decoded,
  failed,
  malformed,
  NOT_OWN,
  refused,
  replied,
  tooLarge,
  viewOf,
  wireErrorOf,
} from './refusals.js';
import { actionOf } from './remote-action.js';
import type { RemoteAct, RemoteList, RemoteRead, RemoteRequest, RemoteScan } from './request-codec.js';
import { type HandleOptions, readHandleOptions } from './responder-options.js';

/** Answers the requests of clients on other machines. */
export interface Responder {
  /** What such a client must know: plain data, to be sent to it in any way. */
  readonly description: HostDescription;
  /**
   * Answers a request in parts, which are to be sent in their order. Whatever the request is, it throws nothing and rejects with
   * nothing: one that is damaged or refused is answered with an error.
   */
  handle(request: Uint8Array, options?: HandleOptions): AsyncGenerator<Uint8Array, void, undefined>;
}

/** @internal What a responder uses of its client. */
export interface ServedClient extends ScanContext {
  readonly isClosed: boolean;
}

/** @internal */
export class ClientResponder implements Responder {
  readonly description: HostDescription;
  readonly #client: ServedClient;
  readonly #allowed: ReadonlySet<Allowed>;
  /** The fields that are not read. */
  readonly #withheld: FieldSet;
  readonly #redaction: Redaction;
  readonly #mostScanned: number;
  #requests = 0;
  #scans = 0;

  constructor(
    client: ServedClient,
    allowed: ReadonlySet<Allowed>,
    redaction: Redaction,
    mostScanned = MOST_SCAN_BYTES,
  ) {
    this.#mostScanned = mostScanned;
    this.#client = client;
    this.#allowed = allowed;
    this.#withheld = withheldFields(allowed);
    this.#redaction = redaction;
    this.description = describeHost(client.origin, client.isOwnRoot, allowed);
  }

  handle(request: Uint8Array, options?: HandleOptions): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal, maxPart } = readHandleOptions(options);
    // Now: the sender may use the bytes for something else later.
    return this.#parts(decoded(request), new PartWriter(maxPart), signal);
  }

  async *#parts(
    asked: RemoteRequest | WireError,
    writer: PartWriter,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    this.#requests++;
    try {
      const isLeft = () => signal?.aborted === true;
      // What was cancelled before its turn came is not done.
      if (isLeft()) return;
      const request = this.#requests > MAX_REQUESTS ? BUSY : asked;
      // Every record is known before the first part is sent: an error never follows a part of something else.
      const records = 'op' in request ? await this.#answer(request, signal) : [failed(request)];
      if (isLeft()) return;
      for (const { kind, payload } of records) yield* writer.add(kind, payload);
      yield writer.last();
    } finally {
      this.#requests--;
    }
  }

  async #answer(request: RemoteRequest, signal: AbortSignal | undefined): Promise<AnswerRecord[]> {
    try {
      if (this.#client.isClosed) return [failed(CLOSED)];
      switch (request.op) {
        case 'read':
          return [await this.#read(request)];
        case 'scan':
          return await this.#scanInTurn(request, signal);
        case 'list':
          return [await this.#list(request)];
        case 'boot': {
          const reply = await this.#client.dispatcher.run({ op: 'boot' });
          return [replied(reply, RecordKind.boot, ({ id }) => Buffer.from(id))];
        }
        case 'act':
          return [await this.#act(request)];
      }
    } catch (error) {
      return [failed(error instanceof TooManyBytes ? tooLarge(this.#mostScanned) : wireErrorOf(error))];
    }
  }

  async #read({ fields: bits, whole, pids, starts, sets, setOf }: RemoteRead): Promise<AnswerRecord> {
    const withheld = FieldSet.fromBits(bits).intersection(this.#withheld);
    const fields = FieldSet.fromBits(bits).difference(withheld);
    // Other calls of the same turn may want something else, which they get.
    if (fields.isEmpty && !withheld.isEmpty) return failed(refused(...secretsIn(withheld)));
    const [pid, start] = [pids[0] as number, starts?.[0]];
    const read: ReadRequest = {
      op: 'read',
      fields: (withheld.isEmpty ? fields : besideAnother(fields)).bits,
      flags: whole ? ReadFlag.wholeSources : 0,
      ...(pids.length === 1 ? { pids: pid, starts: start ?? ANY_START } : { pids, ...(starts && { starts }) }),
      ...(sets && setOf && { sets: sets.map((set) => FieldSet.fromBits(set).difference(withheld).bits), setOf }),
    };
    const { dispatcher, counters } = this.#client;
    counters.messages++;
    const reply = await (pids.length > MAX_URGENT ? dispatcher.runBulk(read) : dispatcher.run(read));
    if (!reply.ok) return failed(reply.error);
    if (typeof reply.value !== 'number') return this.#frame(frameFrom(reply.value), withheld);
    return { kind: RecordKind.number, payload: viewOf(Float64Array.of(reply.value)) };
  }

  /** A frame as it leaves the host: with the fields that are withheld as failures. */
  #frame(frame: Frame, withheld: FieldSet): AnswerRecord {
    // Sources are read whole, but none has one of these fields beside others.
    if (frame.fields.intersects(this.#withheld)) throw new TypeError('a field was read that is not allowed');
    this.#redaction.apply(frame);
    if (withheld.isEmpty) return { kind: RecordKind.frame, payload: new Uint8Array(frame.buffer) };
    const { failure } = refused(...secretsIn(withheld));
    return { kind: RecordKind.frame, payload: new Uint8Array(withColumns(frame, withheld, failure)) };
  }

  async #scanInTurn(request: RemoteScan, signal: AbortSignal | undefined): Promise<AnswerRecord[]> {
    if (this.#scans >= MAX_SCANS) return [failed(BUSY)];
    this.#scans++;
    try {
      return await this.#scan(request, signal);
    } finally {
      this.#scans--;
    }
  }

  async #scan(
    { fields: bits, sampled, pids, starts }: RemoteScan,
    signal: AbortSignal | undefined,
  ): Promise<AnswerRecord[]> {
    const fields = FieldSet.fromBits(bits);
    const withheld = fields.intersection(this.#withheld);
    // Every row would lack it. A caller who finds no process by it shall learn why.
    if (!withheld.isEmpty) return [failed(refused(...secretsIn(withheld)))];
    const procs = pids && Array.from(pids, (pid, i) => new ProcessRef(pid, starts?.[i] ?? ANY_START));
    // Number 0 is a sampler for which nothing is kept open.
    const sampler = sampled ? { home: {}, part: { sampler: 0, maxHeld: 0 } } : undefined;
    // The asker would take no more, and this machine has to hold all of it.
    const settings = { mostBytes: this.#mostScanned, ...(sampler && { sampler }) };
    const scan = new Scan(carrying(this.#client), fields, procs, signal, ONE_BATCH, settings);
    const frames = (await scan.batch()) ?? [];
    const records = frames.map((frame, i) => {
      settle(frame, i === 0 ? (pids?.length ?? frame.rows) : 0);
      return this.#frame(frame, withheld);
    });
    return [
      ...records,
      { kind: RecordKind.end, payload: Buffer.concat([viewOf(Float64Array.of(bits)), Buffer.from(scan.source)]) },
    ];
  }

  async #list({ cursor, max }: RemoteList): Promise<AnswerRecord> {
    this.#client.counters.messages++;
    const reply = await this.#client.dispatcher.run({ op: 'list', cursor, max });
    return replied(reply, RecordKind.list, (list) =>
      Buffer.concat([viewOf(Float64Array.of(list.cursor)), viewOf(list.pids)]),
    );
  }

  async #act({ pid, start, kind, arguments: values }: RemoteAct): Promise<AnswerRecord> {
    const name = nameOfAction(kind);
    if (name === undefined || !this.#allowed.has(name)) return failed(refused(name ?? 'kill'));
    const { isOwnRoot, dispatcher, counters } = this.#client;
    // The PID would mean another process.
    if (!isOwnRoot) return failed(NOT_OWN);
    const action = actionOf(kind, values);
    if (action === undefined) return failed(malformed('the values of its action are out of range'));
    counters.messages++;
    const reply = await dispatcher.run({ op: 'act', pid, start, action });
    return replied(reply, RecordKind.values, viewOf);
  }
}

/** One number of one process would be answered without a frame, which has no place for a failure. */
function besideAnother(fields: FieldSet): FieldSet {
  return fields.only < 0 ? fields : fields.union(fields.has(PGID) ? ONLY_PPID : ONLY_PGID);
}

const PGID = FIELD_INDEX.pgid;
const ONLY_PGID = ONLY[PGID] as FieldSet;
const ONLY_PPID = ONLY[FIELD_INDEX.ppid] as FieldSet;
/** A larger read waits in the queue of the host's own scans. */
const MAX_URGENT = 16;
/** Of all clients together. One that sends more than a few dozen at once is no client of this library. */
const MAX_REQUESTS = 1024;
/** Each holds the rows of every process until they have been sent. */
const MAX_SCANS = 16;
