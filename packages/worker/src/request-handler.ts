import { type Reader, run } from '@psutil-extra/native';
import { FieldSet, Frame, type PackedScalar } from '@psutil-extra/native/protocol';
import { arrayOfPid, arrayOfStart } from './one-process.js';
import { OneshotCache } from './oneshot-cache.js';
import { errorReply, reply } from './reply.js';
import { Rest } from './rest.js';
import { type Answering, ScanLoop } from './scan-loop.js';
import type {
  ActRequest,
  BootAnswer,
  ListAnswer,
  ReadRequest,
  Reply,
  ScanRequest,
  ScopedAct,
  ScopedAnswer,
  ScopedPart,
  ScopedRead,
  UrgentRequest,
  WorkerApi,
} from './wire.js';

/**
 * Handles every request that this thread receives. If the addon could not be loaded, each gets that error: if the import of
 * a worker module fails, the pool's second task waits for ever.
 */
export class RequestHandler implements WorkerApi {
  readonly #reader: Reader | undefined;
  readonly #loadError: unknown;
  readonly #oneshots: OneshotCache | undefined;
  readonly #rest: Rest | undefined;
  /** How many urgent requests are pending, see `ThreadData`. */
  readonly #urgentPending: Int32Array | null;
  readonly #scans: ScanLoop;

  /** `isWaiting`: whether this thread waits for exits. */
  constructor(open: () => Reader, urgentPending: Int32Array | null = null, isWaiting = () => false) {
    this.#urgentPending = urgentPending;
    this.#scans = new ScanLoop(urgentPending, isWaiting);
    try {
      this.#reader = open();
      this.#oneshots = new OneshotCache(this.#reader);
      this.#rest = new Rest(this.#reader);
    } catch (error) {
      this.#loadError = error;
    }
  }

  /** An urgent request has been received. */
  ackUrgent(): void {
    if (this.#urgentPending !== null) Atomics.sub(this.#urgentPending, 0, 1);
  }

  /** Whether one has been sent, to any thread, and none has received it. */
  get hasUrgent(): boolean {
    return this.#urgentPending !== null && Atomics.load(this.#urgentPending, 0) > 0;
  }

  handle(request: UrgentRequest): Reply<ArrayBuffer | PackedScalar | ListAnswer | BigUint64Array | BootAnswer | null> {
    return this.#answer<ArrayBuffer | PackedScalar | ListAnswer | BigUint64Array | BootAnswer | null>((reader) => {
      switch (request.op) {
        case 'read':
          return read(reader, request);
        case 'list':
          return reply<ListAnswer>(
            run(reader, {
              op: 'list',
              cursor: request.cursor,
              max: request.max,
              urgentPending: request.yields === true ? this.#urgentPending : null,
            }),
          );
        case 'descendants':
          return reply<ListAnswer>(run(reader, request));
        case 'endSampler':
          run(reader, request);
          return { ok: true, value: null };
        case 'boot':
          return { ok: true, value: { id: reader.bootId() } };
        case 'act':
          return act(reader, request);
      }
    });
  }

  scan(request: ScanRequest): Promise<Reply<ArrayBuffer[]>> {
    return this.#scans.read(request, this.#answer);
  }

  read(request: ScopedRead): Reply<ScopedAnswer> {
    this.ackUrgent();
    return this.#answer<ScopedAnswer>(() => reply(whole((this.#oneshots as OneshotCache).read(request))));
  }

  act(request: ScopedAct): Reply<BigUint64Array> {
    this.ackUrgent();
    return this.#answer((reader) => {
      this.#oneshots?.close(request.closed);
      // Also an action that fails may show that the values read before are out of date.
      this.#oneshots?.forget(request.scope, FieldSet.fromBits(request.action.invalidates));
      return act(reader, request);
    });
  }

  /** Turns what is thrown into a reply. */
  readonly #answer: Answering = (work) => {
    if (this.#reader === undefined) return errorReply(this.#loadError);
    this.#rest?.expect();
    try {
      return work(this.#reader);
    } catch (error) {
      return errorReply(error);
    }
  };
}

function read(reader: Reader, request: ReadRequest): Reply<ArrayBuffer | PackedScalar> {
  const { pids, starts, fields, sets, setOf, flags } = request;
  const value = run(reader, {
    op: 'pids',
    pids: arrayOfPid(pids),
    starts: arrayOfStart(starts),
    fields,
    sets,
    setOf,
    flags,
  });
  return typeof value === 'number' ? { ok: true, value } : reply<ArrayBuffer>(value);
}

/** The only frame, if the client takes all of its fields: most first reads of a scope are so, and take a third less to send. */
function whole(parts: ScopedPart[]): ScopedAnswer {
  const [part] = parts;
  if (part === undefined || parts.length > 1) return parts;
  return part.fields === new Frame(part.buffer).fields.bits ? part.buffer : parts;
}

function act(reader: Reader, { pid, start, action }: Omit<ActRequest, 'op' | 'urgent'>): Reply<BigUint64Array> {
  return reply<BigUint64Array>(run(reader, { op: 'act', pid, start, action }));
}
