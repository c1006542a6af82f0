import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises';
import { type Reader, run } from '@psutil-extra/native';
import { type Failure, Frame, type PackedScalar, ReadFlag } from '@psutil-extra/native/protocol';
import { Backoff } from './backoff.js';
import { reply } from './reply.js';
import type { Reply, ScanRequest } from './wire.js';

/** Reads the share of a scan in parts, and lets urgent requests, exits and the main thread go first in between. */
export class ScanLoop {
  readonly #urgentPending: Int32Array | null;
  readonly #isWaiting: () => boolean;
  readonly #backoff = new Backoff();

  constructor(urgentPending: Int32Array | null, isWaiting: () => boolean) {
    this.#urgentPending = urgentPending;
    this.#isWaiting = isWaiting;
  }

  /** Reads all of the request. `answer` calls back with the reader, and turns what is thrown into a reply. */
  async read(request: ScanRequest, answer: Answering): Promise<Reply<ArrayBuffer[]>> {
    const cursor = scanCursor(request);
    const frames: ArrayBuffer[] = [];
    let bytes = 0;
    for (;;) {
      let isLast = false;
      const part = answer((reader) => {
        const most = this.#isWaiting() ? MAX_WHILE_WAITING : MAX_LISTED;
        const value = cursor.read(reader, this.#urgentPending, most);
        const frame = reply<ArrayBuffer>(value as ArrayBuffer | Failure);
        if (frame.ok) isLast = cursor.advance(new Frame(frame.value));
        return frame;
      });
      if (!part.ok) return part;
      frames.push(part.value);
      bytes += part.value.byteLength;
      if (isLast || bytes >= MAX_BYTES) return reply(frames);
      await (cursor.wasStopped ? this.#makeWay() : pause());
    }
  }

  /**
   * Waits until every message that has arrived has been handled: the first pause may end before they are received. If the
   * read stopped without an urgent request, it was in the way of the main thread, and pauses for longer.
   */
  async #makeWay(): Promise<void> {
    if (this.#urgentPending !== null && Atomics.load(this.#urgentPending, 0) <= 0) return sleep(this.#backoff.next());
    await pause();
    await pause();
  }
}

/** Calls `work` with the reader. */
export type Answering = <T>(work: (reader: Reader) => Reply<T>) => Reply<T>;

/** The position in a scan's share. */
interface ScanCursor {
  /** Reads on from here, so many processes at most where files are read. */
  read(reader: Reader, urgentPending: Int32Array | null, most: number): ArrayBuffer | PackedScalar | Failure;
  /** Moves behind what has been read; returns whether that was the end. */
  advance(frame: Frame): boolean;
  /** Whether the last read stopped early, and not because it had its maximal length in rows or bytes. */
  readonly wasStopped: boolean;
}

function scanCursor({ pids, starts, cursor, fields, flags, sampler }: ScanRequest): ScanCursor {
  if (cursor !== undefined) {
    let { from, max } = cursor;
    const isListed = (flags & ReadFlag.listed) !== 0;
    let asked = 0;
    let wasStopped = false;
    return {
      read(reader, urgentPending, most) {
        asked = isListed ? Math.min(max, most) : max;
        return run(reader, {
          op: 'cursor',
          fields,
          flags,
          urgentPending,
          number: cursor.number,
          from,
          max: asked,
          ...sampler,
        });
      },
      advance(frame) {
        wasStopped = frame.rows < asked && !frame.isFull;
        from = frame.next;
        max -= frame.rows;
        return from < 0 || max <= 0;
      },
      get wasStopped() {
        return wasStopped;
      },
    };
  }
  let taken = 0;
  let asked = 0;
  let wasStopped = false;
  return {
    read(reader, urgentPending, most) {
      if (pids === undefined) return run(reader, { op: 'table', fields, flags, urgentPending });
      const end = taken + most;
      const part = pids.subarray(taken, end);
      asked = part.length;
      return run(reader, {
        op: 'pids',
        fields,
        flags,
        urgentPending,
        pids: part,
        starts: starts?.subarray(taken, end) ?? null,
      });
    },
    advance(frame) {
      taken += frame.taken;
      wasStopped = frame.taken < asked && !frame.isFull;
      return pids === undefined || taken >= pids.length;
    },
    get wasStopped() {
      return wasStopped;
    },
  };
}

/** Bytes of the frames in one answer, about: the client requests the rest when it has received them. */
const MAX_BYTES = 2 ** 23;
/** Processes that are read from files before requests are handled that are not urgent. */
const MAX_LISTED = 2048;
/** The same while this thread waits for exits, which it notices only in between: some milliseconds at most. */
const MAX_WHILE_WAITING = 64;
