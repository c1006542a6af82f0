import type { Reader } from '@psutil-extra/native';
import { type Failure, Frame, type PackedScalar } from '@psutil-extra/native/protocol';
import { OneshotCache } from './oneshot-cache.js';
import { errorReply, reply } from './reply.js';
import { type Answering, ScanLoop } from './scan-loop.js';
import type {
  ListAnswer,
  ListRequest,
  RawLimits,
  ReadRequest,
  Reply,
  ScanRequest,
  ScopedAnswer,
  ScopedPart,
  ScopedRead,
  ScopedSet,
  SetRequest,
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
  /** How many urgent requests are pending, see `ThreadData`. */
  readonly #urgentPending: Int32Array | null;
  readonly #scans: ScanLoop;

  constructor(open: () => Reader, urgentPending: Int32Array | null = null) {
    this.#urgentPending = urgentPending;
    this.#scans = new ScanLoop(urgentPending);
    try {
      this.#reader = open();
      this.#oneshots = new OneshotCache(this.#reader);
    } catch (error) {
      this.#loadError = error;
    }
  }

  /** An urgent request has been received. */
  ackUrgent(): void {
    if (this.#urgentPending !== null) Atomics.sub(this.#urgentPending, 0, 1);
  }

  handle(request: ReadRequest | ListRequest | SetRequest): Reply<ArrayBuffer | PackedScalar | ListAnswer | RawLimits> {
    return this.#answer<ArrayBuffer | PackedScalar | ListAnswer | RawLimits>((reader) => {
      switch (request.op) {
        case 'read':
          return read(reader, request);
        case 'list':
          return reply<ListAnswer>(
            reader.list(request.cursor, request.max, request.yields === true ? this.#urgentPending : null),
          );
        case 'set':
          return set(reader, request);
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

  set(request: ScopedSet): Reply<RawLimits> {
    this.ackUrgent();
    return this.#answer((reader) => {
      this.#oneshots?.close(request.closed);
      // Also a write that fails may show that the values read before are out of date.
      this.#oneshots?.forgetLimits(request.scope);
      return set(reader, request);
    });
  }

  /** Turns what is thrown into a reply. */
  readonly #answer: Answering = (work) => {
    if (this.#reader === undefined) return errorReply(this.#loadError);
    try {
      return work(this.#reader);
    } catch (error) {
      return errorReply(error);
    }
  };
}

function read(reader: Reader, request: ReadRequest): Reply<ArrayBuffer | PackedScalar> {
  const pids = typeof request.pids === 'number' ? Int32Array.of(request.pids) : request.pids;
  const { starts = null, fields, masks = null, flags } = request;
  const value: ArrayBuffer | PackedScalar | Failure = reader.read(pids, starts, fields, masks, flags);
  return typeof value === 'number' ? { ok: true, value } : reply<ArrayBuffer>(value);
}

/** The only frame, if the client takes all of its fields: most first reads of a scope are so, and take a third less to send. */
function whole(parts: ScopedPart[]): ScopedAnswer {
  const [part] = parts;
  if (part === undefined || parts.length > 1) return parts;
  return part.fields === new Frame(part.buffer).fields.bits ? part.buffer : parts;
}

function set(reader: Reader, request: Omit<SetRequest, 'op' | 'urgent'>): Reply<RawLimits> {
  return reply<RawLimits>(reader.setRlimit(request.pid, request.start, request.resource, request.soft, request.hard));
}
