import { FIELD_INDEX, type FieldName, type Frame, type FrameColumn } from '@psutil-extra/native/protocol';

/** Rows of several frames, in an order of their own. */
export class Picks {
  readonly length: number;
  /** Of each row, the position of its frame, and its position there. */
  readonly part: Uint32Array;
  readonly row: Uint32Array;
  readonly frames: readonly Frame[];

  /** @param positions of rows, counted over all frames; all of them in their order if it is undefined. */
  constructor(frames: readonly Frame[], positions: Uint32Array | undefined) {
    this.frames = frames;
    const total = frames.reduce((rows, frame) => rows + frame.rows, 0);
    const parts = new Uint32Array(total);
    const rows = new Uint32Array(total);
    let at = 0;
    frames.forEach((frame, part) => {
      parts.fill(part, at, at + frame.rows);
      for (let row = 0; row < frame.rows; row++) rows[at++] = row;
    });
    if (positions === undefined) {
      this.part = parts;
      this.row = rows;
    } else {
      this.part = positions.map((position) => parts[position] as number);
      this.row = positions.map((position) => rows[position] as number);
    }
    this.length = this.part.length;
  }

  pids(): Int32Array {
    const pids = this.frames.map((frame) => frame.pids);
    return Int32Array.from(this.part, (part, at) => (pids[part] as Int32Array)[this.row[at] as number] as number);
  }

  /** The column of a field in each frame. */
  columns(field: FieldName): FrameColumn[] {
    return this.frames.map((frame) => frame.column(FIELD_INDEX[field]));
  }
}
