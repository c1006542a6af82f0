import { FIELD_INDEX, type Frame } from '@psutil-extra/native/protocol';
import type { Field } from '../schema/fields.js';

/** Every process, read once. */
export class Reading {
  /** When it began: milliseconds of a clock that is never set. */
  readonly time: number;
  /** The same by the clock of start times, which may be set. */
  readonly timeOfDay: number;
  readonly frames: readonly Frame[];
  readonly source: string;
  readonly rows: number;
  readonly pids: Int32Array;
  /** When each process began, as the system counts. With its PID this identifies it. */
  readonly starts: Float64Array;
  #times: Float64Array | undefined;

  constructor(time: number, timeOfDay: number, frames: readonly Frame[], source: string) {
    this.time = time;
    this.timeOfDay = timeOfDay;
    this.frames = frames;
    this.source = source;
    this.rows = frames.reduce((rows, frame) => rows + frame.rows, 0);
    this.pids = new Int32Array(this.rows);
    this.starts = new Float64Array(this.rows);
    let at = 0;
    for (const frame of frames) {
      const { numbers } = frame.column(START_TIME);
      for (let row = 0; row < frame.rows; row++, at++) {
        this.pids[at] = frame.pids[row] as number;
        // What distinguishes two processes of one tick is not in every reading.
        this.starts[at] = Math.floor(numbers[row] as number);
      }
    }
  }

  /** When a process began, in milliseconds since the epoch; NaN if that is not known. */
  began(row: number): number {
    const clock = this.frames[0]?.clock;
    return clock === undefined
      ? Number.NaN
      : clock.epoch + ((this.starts[row] as number) * 1000) / clock.ticksPerSecond;
  }

  /** When each process was read, in milliseconds of a clock that is never set: a reading of many processes takes some time. */
  get times(): Float64Array {
    this.#times ??= this.#timesOfRows();
    return this.#times;
  }

  #timesOfRows(): Float64Array {
    const times = new Float64Array(this.rows);
    let at = 0;
    for (const { rows, readAt, elapsed } of this.frames) {
      const each = elapsed / 1000 / rows;
      for (let row = 0; row < rows; row++) times[at++] = readAt + each * (row + 0.5);
    }
    return times;
  }

  /** The sum of some members of a struct, of each row; NaN where it could not be read. */
  sums(field: Field, names: readonly string[]): Float64Array {
    const sums = new Float64Array(this.rows);
    let at = 0;
    for (const frame of this.frames) {
      const column = frame.column(FIELD_INDEX[field]);
      const members = column.members.filter(({ name }) => names.includes(name)).map((member) => member.column);
      for (let row = 0; row < frame.rows; row++, at++) {
        sums[at] = column.has(row) ? 0 : Number.NaN;
        for (const member of members) (sums[at] as number) += Number(member.numbers[row]);
      }
    }
    return sums;
  }
}

const START_TIME = FIELD_INDEX.startTime;
