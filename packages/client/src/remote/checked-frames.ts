import { checkFrame, FIELD_INDEX, type FieldSet, Frame, settle } from '@psutil-extra/native/protocol';
import { rawLimits, rawSignalMasks } from '../schema/decode.js';
import type { Machine } from '../support/capabilities.js';
import type { WorkerError } from '../support/errors.js';
import { copyOf } from './bytes.js';

/** Makes frames of what another machine has sent. Each is read once as a whole: nothing that is done with it throws later. */
export class CheckedFrames {
  readonly #machine: Machine;
  readonly #damaged: (what: string) => WorkerError;

  constructor(machine: Machine, damaged: (what: string) => WorkerError) {
    this.#machine = machine;
    this.#damaged = damaged;
  }

  /** The frame of these bytes, which has at least these fields. */
  make(bytes: Uint8Array, fields: FieldSet): Frame {
    const frame = new Frame(copyOf(bytes), this.#damaged, this.#machine.capabilities);
    if (!frame.fields.contains(fields)) throw this.#damaged('a field that was asked for is not in it');
    this.#checkReads(frame);
    checkFrame(frame);
    checkViews(frame);
    return frame;
  }

  /** Its counts are kept as long as the client, one for each source. */
  #checkReads({ reads }: Frame): void {
    const { sources } = this.#machine.capabilities;
    for (const [source, count] of reads) {
      if (!(source in sources && count >= 0)) throw this.#damaged('its reads are of no source that the host has');
    }
  }

  /** The answer to a read of these PIDs. It has fewer of them if the frame has reached its bound in bytes. */
  read(bytes: Uint8Array, fields: FieldSet, pids: Int32Array): Frame {
    const frame = this.make(bytes, fields);
    const { rows } = frame;
    if (rows !== pids.length && !(frame.isFull && rows > 0 && rows < pids.length)) {
      throw this.#damaged(`the frame has ${rows} rows, where ${pids.length} were asked for`);
    }
    if (!frame.pids.every((pid, row) => pid === pids[row]))
      throw this.#damaged('it is of other processes than were asked for');
    return frame;
  }

  /** The answer to a scan of every process, or of these: each is in it once. */
  scan(frames: readonly Uint8Array[], fields: FieldSet, pids: Int32Array | undefined, source: string): Frame[] {
    const expected = pids && new Set(pids);
    const found = new Set<number>();
    return frames.map((bytes, i) => {
      const frame = this.make(bytes, fields);
      for (const pid of frame.pids) {
        if (pid < 0 || found.has(pid)) throw this.#damaged(`PID ${pid} is in it twice, or is no PID`);
        if (expected?.has(pid) === false) throw this.#damaged('it is of other processes than were asked for');
        found.add(pid);
      }
      // Whatever the frame says: the host has read all of them.
      settle(frame, i === 0 ? (pids?.length ?? frame.rows) : 0);
      frame.source = source;
      return frame;
    });
  }
}

/** What the values of these fields are made of. */
function checkViews(frame: Frame): void {
  for (const [field, read] of VIEWS) {
    if (!frame.fields.has(field)) continue;
    const column = frame.column(field);
    for (let row = 0; row < frame.rows; row++) if (column.has(row)) read(column, row);
  }
}

const VIEWS = [
  [FIELD_INDEX.sigmasks, rawSignalMasks],
  [FIELD_INDEX.rlimits, rawLimits],
] as const;
