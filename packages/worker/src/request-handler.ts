import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises';
import type { Reader } from '@psutil-extra/native';
import { type Failure, Frame, ReadFlag, type Single } from '@psutil-extra/native/protocol';
import { Rests } from './backoff.js';
import { OneshotCache } from './oneshot-cache.js';
import { errorReply, reply } from './reply.js';
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
 * Answers every request that reaches this thread. Where the addon could not be loaded, each is answered
 * with that error: a worker module that fails to import would leave the pool's second task waiting for ever.
 */
export class Handler implements WorkerApi {
  readonly #reader: Reader | undefined;
  readonly #broken: unknown;
  readonly #oneshots: OneshotCache | undefined;
  /** How many wait, see `ThreadData`. */
  readonly #hurry: Int32Array | null;
  readonly #rests = new Rests();

  constructor(open: () => Reader, hurry: Int32Array | null = null) {
    this.#hurry = hurry;
    try {
      this.#reader = open();
      this.#oneshots = new OneshotCache(this.#reader);
    } catch (error) {
      this.#broken = error;
    }
  }

  /** A request that was in a hurry has been taken. */
  take(): void {
    if (this.#hurry !== null) Atomics.sub(this.#hurry, 0, 1);
  }

  handle(request: ReadRequest | ListRequest | SetRequest): Reply<ArrayBuffer | Single | ListAnswer | RawLimits> {
    return this.#answer<ArrayBuffer | Single | ListAnswer | RawLimits>((reader) => {
      switch (request.op) {
        case 'read':
          return read(reader, request);
        case 'list':
          return reply<ListAnswer>(
            reader.list(request.cursor, request.most, request.yields === true ? this.#hurry : null),
          );
        case 'set':
          return set(reader, request);
      }
    });
  }

  /** Reads all of it, and makes way in between: for those who wait for this thread, and for the main thread. */
  async scan(request: ScanRequest): Promise<Reply<ArrayBuffer[]>> {
    const rest = restOf(request);
    const frames: ArrayBuffer[] = [];
    for (;;) {
      let isLast = false;
      const answer = this.#answer((reader) => {
        const part = answered(rest.read(reader, this.#hurry));
        if (part.ok) isLast = rest.isReadBy(new Frame(part.value as ArrayBuffer));
        return part;
      });
      if (!answer.ok) return answer;
      frames.push(answer.value as ArrayBuffer);
      if (isLast) return reply(frames);
      await (rest.wasStopped ? this.#makeWay() : pause());
    }
  }

  /**
   * Until every message that has arrived has been handled: the first pause may end before they are looked at. Where it
   * was not for a message that the reading stopped, it was in the main thread's way, and leaves it alone for a while.
   */
  async #makeWay(): Promise<void> {
    if (this.#hurry !== null && Atomics.load(this.#hurry, 0) <= 0) return sleep(this.#rests.next());
    await pause();
    await pause();
  }

  read(request: ScopedRead): Reply<ScopedAnswer> {
    this.take();
    return this.#answer<ScopedAnswer>(() => reply(whole((this.#oneshots as OneshotCache).read(request))));
  }

  set(request: ScopedSet): Reply<RawLimits> {
    this.take();
    return this.#answer((reader) => {
      this.#oneshots?.close(request.closed);
      // Even a set that failed may tell that what was read before no longer holds.
      this.#oneshots?.forgetLimits(request.scope);
      return set(reader, request);
    });
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

function read(reader: Reader, request: ReadRequest): Reply<ArrayBuffer | Single> {
  const pids = typeof request.pids === 'number' ? Int32Array.of(request.pids) : request.pids;
  const { starts = null, fields, masks = null, flags } = request;
  return answered(reader.read(pids, starts, fields, masks, flags));
}

/** What of a scan's share is still to be read. */
interface Rest {
  read(reader: Reader, hurry: Int32Array | null): ArrayBuffer | Single | Failure;
  /** Takes note of what has been read; true where that was all. */
  isReadBy(frame: Frame): boolean;
  /** Whether the last reading stopped early, and not because it was as long as one may be. */
  readonly wasStopped: boolean;
}

function restOf({ pids, starts, walk, fields, flags }: ScanRequest): Rest {
  if (walk !== undefined) {
    let { from, most } = walk;
    const longest = (flags & ReadFlag.listed) === 0 ? most : LONGEST;
    let wasStopped = false;
    return {
      read: (reader, hurry) =>
        reader.read(null, null, fields, null, flags, hurry, walk.number, from, Math.min(most, longest)),
      isReadBy(frame) {
        wasStopped = frame.rows < Math.min(most, longest);
        from = frame.next;
        most -= frame.rows;
        return from < 0 || most <= 0;
      },
      get wasStopped() {
        return wasStopped;
      },
    };
  }
  let taken = 0;
  return {
    read: (reader, hurry) =>
      reader.read(pids?.subarray(taken) ?? null, starts?.subarray(taken) ?? null, fields, null, flags, hurry),
    isReadBy(frame) {
      taken += frame.taken;
      return pids === undefined || taken >= pids.length;
    },
    wasStopped: true,
  };
}

function answered(value: ArrayBuffer | Single | Failure): Reply<ArrayBuffer | Single> {
  return typeof value === 'number' ? { ok: true, value } : reply<ArrayBuffer>(value);
}

/** The one frame where it is to be taken whole: a scope's first read most times, and a third less to send. */
function whole(parts: ScopedPart[]): ScopedAnswer {
  const [part] = parts;
  if (part === undefined || parts.length > 1) return parts;
  return part.fields === new Frame(part.buffer).fields.bits ? part.buffer : parts;
}

function set(reader: Reader, request: Omit<SetRequest, 'op' | 'hurried'>): Reply<RawLimits> {
  return reply<RawLimits>(reader.setRlimit(request.pid, request.start, request.resource, request.soft, request.hard));
}

/** Processes that are read through the list before those are let in who wait, but are in no hurry. */
const LONGEST = 2048;
