import type { Field as ArrowField, Data, DataType } from 'apache-arrow';
import type { Arrow } from './arrow-types.js';
import { Validity } from './validity.js';

/**
 * Arrow's data of values that are objects, texts or numbers; a missing one is null or undefined. The library's own builders
 * take several times as long, and flush what they have built in pieces.
 */
export function dataOf(arrow: Arrow, type: DataType, values: readonly unknown[]): Data {
  const length = values.length;
  const validity = new Validity(length);
  const isThere = (at: number): boolean => {
    if (values[at] === null || values[at] === undefined) return false;
    validity.set(at);
    return true;
  };
  const made = (rest: object): Data => arrow.makeData({ type, length, ...validity.parts, ...rest } as never) as Data;
  switch (type.typeId) {
    case arrow.Type.Bool: {
      const data = new Uint8Array((length + 7) >> 3);
      for (let at = 0; at < length; at++) {
        if (isThere(at) && values[at] === true) (data[at >> 3] as number) |= 1 << (at & 7);
      }
      return made({ data });
    }
    case arrow.Type.Utf8:
    case arrow.Type.Binary: {
      const { valueOffsets, data } = bytesOf(values, isThere);
      return made({ valueOffsets, data });
    }
    case arrow.Type.List: {
      const valueOffsets = new Int32Array(length + 1);
      const items: unknown[] = [];
      for (let at = 0; at < length; at++) {
        if (isThere(at)) for (const item of values[at] as unknown[]) items.push(item);
        valueOffsets[at + 1] = items.length;
      }
      const [item] = type.children;
      return made({ valueOffsets, child: dataOf(arrow, (item as ArrowField).type, items) });
    }
    case arrow.Type.Struct: {
      for (let at = 0; at < length; at++) isThere(at);
      const children = type.children.map((member) =>
        dataOf(
          arrow,
          member.type,
          values.map((value) => (value as Record<string, unknown> | null | undefined)?.[member.name]),
        ),
      );
      return made({ children });
    }
    default: {
      const data = new type.ArrayType(length);
      for (let at = 0; at < length; at++) if (isThere(at)) data[at] = values[at];
      return made({ data });
    }
  }
}

/** Texts as UTF-8, or bytes, one behind the other. */
function bytesOf(
  values: readonly unknown[],
  isThere: (at: number) => boolean,
): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(values.length + 1);
  let end = 0;
  for (let at = 0; at < values.length; at++) {
    if (isThere(at)) end += lengthOf(values[at] as string | Uint8Array);
    // Offsets have 32 bits.
    if (end > MAX_BYTES) throw new RangeError('the texts of a column take more than 2 GiB');
    valueOffsets[at + 1] = end;
  }
  const data = Buffer.allocUnsafe(end);
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (typeof value === 'string') data.write(value, valueOffsets[at] as number);
    else if (value instanceof Uint8Array) data.set(value, valueOffsets[at]);
  }
  return { valueOffsets, data };
}

function lengthOf(value: string | Uint8Array): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

const MAX_BYTES = 2 ** 31 - 1;
