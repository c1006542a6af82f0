import { FIELD_INDEX, type Frame } from '@psutil-extra/native/protocol';
import type { Field } from '../schema/fields.js';

/**
 * Every process, read once. The loops over all of them have their numbers in variables: they run once a second, which is too
 * seldom for an engine to find out what stays the same.
 */
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
  readonly #sums = new Map<string, Float64Array>();

  constructor(time: number, timeOfDay: number, frames: readonly Frame[], source: string) {
    this.time = time;
    this.timeOfDay = timeOfDay;
    this.frames = frames;
    this.source = source;
    this.rows = frames.reduce((rows, frame) => rows + frame.rows, 0);
    this.pids = new Int32Array(this.rows);
    this.starts = new Float64Array(this.rows);
    const { starts } = this;
    let at = 0;
    for (const frame of frames) {
      const { numbers } = frame.column(START_TIME);
      const { rows } = frame;
      this.pids.set(frame.pids, at);
      // What distinguishes two processes of one tick is not in every reading.
      for (let row = 0; row < rows; row++) starts[at++] = Math.floor(numbers[row] as number);
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

  /** The sum of some members of a struct, of each row; NaN where it could not be read. It is not to be changed. */
  sums(field: Field, names: readonly string[]): Float64Array {
    const key = `${field} ${names.join(' ')}`;
    let sums = this.#sums.get(key);
    if (sums === undefined) {
      sums = this.#sumsOf(field, names);
      this.#sums.set(key, sums);
    }
    return sums;
  }

  #sumsOf(field: Field, names: readonly string[]): Float64Array {
    const sums = new Float64Array(this.rows);
    let from = 0;
    for (const frame of this.frames) {
      const column = frame.column(FIELD_INDEX[field]);
      for (const { name, column: member } of column.members) {
        if (names.includes(name)) add(sums, from, member.numbers, frame.rows);
      }
      const isComplete = column.members.some(({ column: member }) => member.validity === null);
      if (!isComplete) {
        for (let row = 0; row < frame.rows; row++) if (!column.has(row)) sums[from + row] = Number.NaN;
      }
      from += frame.rows;
    }
    return sums;
  }
}

/** Of thousands of processes, in every reading: so there is a loop for numbers alone. */
function add(sums: Float64Array, from: number, numbers: ArrayLike<number | bigint>, rows: number): void {
  if (numbers instanceof Float64Array) {
    for (let row = 0; row < rows; row++) (sums[from + row] as number) += numbers[row] as number;
  } else {
    for (let row = 0; row < rows; row++) (sums[from + row] as number) += Number(numbers[row]);
  }
}

const START_TIME = FIELD_INDEX.startTime;
