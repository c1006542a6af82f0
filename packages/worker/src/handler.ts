import { Frame, type Reader, type Single } from '@psutil-extra/native';
import { OneshotCache } from './oneshot.js';
import { errorReply, reply } from './reply.js';
import type {
  ListAnswer,
  ListRequest,
  RawLimits,
  ReadRequest,
  Reply,
  ScopedAnswer,
  ScopedPart,
  ScopedRead,
  ScopedSet,
  SetRequest,
  WorkerApi,
} from './wire.js';

/**
 * Answers every request that reaches this thread. Where the addon could not be loaded, each is answered
 * with that error: a worker module that fails to import would leave the pool's second task waiting for ever.
 */
export class Handler implements WorkerApi {
  readonly #reader: Reader | undefined;
  readonly #broken: unknown;
  readonly #oneshots: OneshotCache | undefined;

  readonly #hurry: Int32Array | null;

  constructor(open: () => Reader, hurry: Int32Array | null = null) {
    this.#hurry = hurry;
    try {
      this.#reader = open();
      this.#oneshots = new OneshotCache(this.#reader);
    } catch (error) {
      this.#broken = error;
    }
  }

  handle(request: ReadRequest | ListRequest | SetRequest): Reply<ArrayBuffer | Single | ListAnswer | RawLimits> {
    return this.#answer<ArrayBuffer | Single | ListAnswer | RawLimits>((reader) => {
      switch (request.op) {
        case 'read':
          return read(reader, request, this.#hurryFor(request));
        case 'list':
          return reply<ListAnswer>(reader.list(request.cursor, request.most, this.#hurryFor(request)));
        case 'set':
          return set(reader, request);
      }
    });
  }

  read(request: ScopedRead): Reply<ScopedAnswer> {
    return this.#answer<ScopedAnswer>(() => reply(whole((this.#oneshots as OneshotCache).read(request))));
  }

  set(request: ScopedSet): Reply<RawLimits> {
    return this.#answer((reader) => {
      this.#oneshots?.close(request.closed);
      // Even a set that failed may tell that what was read before no longer holds.
      this.#oneshots?.forgetLimits(request.scope);
      return set(reader, request);
    });
  }

  #hurryFor(request: ReadRequest | ListRequest): Int32Array | null {
    return request.yields === true ? this.#hurry : null;
  }

  #answer<T>(work: (reader: Reader) => Reply<T>): Reply<T> {
    if (this.#reader === undefined) return errorReply(this.#broken);
    try {
      return work(this.#reader);
    } catch (error) {
      return errorReply(error);
    }
  }
}

function read(reader: Reader, request: ReadRequest, hurry: Int32Array | null): Reply<ArrayBuffer | Single> {
  const pids = typeof request.pids === 'number' ? Int32Array.of(request.pids) : (request.pids ?? null);
  const { starts = null, fields, masks = null, flags, walk } = request;
  const value =
    walk === undefined
      ? reader.read(pids, starts, fields, masks, flags, hurry)
      : reader.read(null, null, fields, null, flags, hurry, walk.number, walk.from, walk.most);
  return typeof value === 'number' ? { ok: true, value } : reply<ArrayBuffer>(value);
}

/** The one frame where it is to be taken whole: a scope's first read most times, and a third less to send. */
function whole(parts: ScopedPart[]): ScopedAnswer {
  const [part] = parts;
  if (part === undefined || parts.length > 1) return parts;
  return part.fields === new Frame(part.buffer).fields ? part.buffer : parts;
}

function set(reader: Reader, request: Omit<SetRequest, 'op'>): Reply<RawLimits> {
  return reply<RawLimits>(reader.setRlimit(request.pid, request.start, request.resource, request.soft, request.hard));
}
