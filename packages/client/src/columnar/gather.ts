import type { Data } from 'apache-arrow';
import type { Arrow } from './arrow-types.js';
import { Validity } from './validity.js';

/**
 * Data in which the value at each position is that of `data` at `from[position]`; −1 is a missing one. So thousands of rows take
 * what they share from one place, and no row becomes an object.
 */
export function gathered(arrow: Arrow, data: Data, from: Int32Array): Data {
  const { type } = data;
  const { length } = from;
  const validity = new Validity(length);
  const { nullBitmap } = data;
  const hasNulls = data.nullCount > 0;
  const isThere = (at: number): boolean => {
    const source = from[at] as number;
    if (source < 0 || (hasNulls && (((nullBitmap[source >> 3] as number) >> (source & 7)) & 1) === 0)) return false;
    validity.set(at);
    return true;
  };
  const made = (rest: object): Data => arrow.makeData({ type, length, ...validity.parts, ...rest } as never) as Data;
  switch (type.typeId) {
    case arrow.Type.Bool: {
      const taken = new Uint8Array((length + 7) >> 3);
      const bits = data.values as Uint8Array;
      for (let at = 0; at < length; at++) {
        const source = from[at] as number;
        if (isThere(at) && (((bits[source >> 3] as number) >> (source & 7)) & 1) === 1) {
          (taken[at >> 3] as number) |= 1 << (at & 7);
        }
      }
      return made({ data: taken });
    }
    case arrow.Type.Utf8:
    case arrow.Type.Binary: {
      const { valueOffsets, starts } = spans(data.valueOffsets, from, isThere);
      const bytes = data.values as Uint8Array;
      const taken = Buffer.allocUnsafe(valueOffsets[length] as number);
      for (let at = 0; at < length; at++) {
        const to = valueOffsets[at] as number;
        const start = starts[at] as number;
        taken.set(bytes.subarray(start, start + (valueOffsets[at + 1] as number) - to), to);
      }
      return made({ valueOffsets, data: taken });
    }
    case arrow.Type.List: {
      const { valueOffsets, starts } = spans(data.valueOffsets, from, isThere);
      const items = new Int32Array(valueOffsets[length] as number);
      for (let at = 0; at < length; at++) {
        const to = valueOffsets[at] as number;
        for (let i = to; i < (valueOffsets[at + 1] as number); i++) items[i] = (starts[at] as number) + i - to;
      }
      return made({ valueOffsets, child: gathered(arrow, data.children[0] as Data, items) });
    }
    case arrow.Type.Struct:
      for (let at = 0; at < length; at++) isThere(at);
      return made({ children: data.children.map((child) => gathered(arrow, child, from)) });
    default: {
      const taken = new type.ArrayType(length);
      for (let at = 0; at < length; at++) if (isThere(at)) taken[at] = data.values[from[at] as number];
      return made({ data: taken });
    }
  }
}

/** Where the lists or texts that are taken begin, and where each one will. */
function spans(
  offsets: Int32Array,
  from: Int32Array,
  isThere: (at: number) => boolean,
): { valueOffsets: Int32Array; starts: Int32Array } {
  const { length } = from;
  const valueOffsets = new Int32Array(length + 1);
  const starts = new Int32Array(length);
  let end = 0;
  for (let at = 0; at < length; at++) {
    if (isThere(at)) {
      const source = from[at] as number;
      starts[at] = offsets[source] as number;
      end += (offsets[source + 1] as number) - (offsets[source] as number);
      // Offsets have 32 bits.
      if (end > MAX_LENGTH) throw new RangeError('a column takes more than 2 GiB: write fewer rows at a time');
    }
    valueOffsets[at + 1] = end;
  }
  return { valueOffsets, starts };
}

const MAX_LENGTH = 2 ** 31 - 1;
