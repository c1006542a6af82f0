import { type Damage, damagedReply } from './damage.js';
import type { Type } from './schema.js';

/** The value of a number in a column. */
export function fixedValue(
  type: Type,
  cell: number | bigint,
  damaged: Damage = damagedReply,
): boolean | number | string | bigint {
  switch (type.kind) {
    case 'bool':
      return cell !== 0;
    case 'enum': {
      const value = type.values[cell as number];
      if (value === undefined)
        throw damaged(`there are ${type.values.length} values of an enum, and none has the number ${cell}`);
      return value;
    }
    case 'u64':
      return type.bigint === true ? BigInt(cell) : Number(cell);
    default:
      return Number(cell);
  }
}

/** The value of bytes from a dictionary. */
export function variableValue(type: Type, bytes: Uint8Array, damaged: Damage): unknown {
  switch (type.kind) {
    case 'text':
      return UTF8.decode(bytes);
    case 'bytes':
      return bytes.slice();
    case 'list':
      return listValue(type.item, bytes, damaged);
    default: {
      const reader = new PackedReader(bytes, damaged);
      const value = reader.value(type);
      if (!reader.done) throw damaged(CUT);
      return value;
    }
  }
}

/** The texts of a list as bytes, without a copy. */
export function textsIn(bytes: Uint8Array, damaged: Damage): Uint8Array[] {
  const reader = new PackedReader(bytes, damaged);
  const texts: Uint8Array[] = [];
  while (!reader.done) texts.push(reader.bytes());
  return texts;
}

/**
 * Calls `visit` with each text in the bytes of a value, and with other bytes, without a copy.
 *
 * @throws what `damaged` returns, if they are not the bytes of such a value.
 */
export function visitTexts(type: Type, bytes: Uint8Array, damaged: Damage, visit: (text: Uint8Array) => void): void {
  if (type.kind === 'text' || type.kind === 'bytes') {
    visit(bytes);
    return;
  }
  if (type.kind === 'list' && ARRAYS[type.item.kind] !== undefined) {
    for (const number of numbersOf(type.item, bytes, damaged) ?? []) fixedValue(type.item, number, damaged);
    return;
  }
  const reader = new PackedReader(bytes, damaged);
  if (type.kind === 'list') while (!reader.done) reader.visit(type.item, visit);
  else reader.visit(type, visit);
  if (!reader.done) throw damaged(CUT);
}

function listValue(item: Type, bytes: Uint8Array, damaged: Damage): unknown[] {
  const list: unknown[] = [];
  const numbers = numbersOf(item, bytes, damaged);
  if (numbers !== undefined) {
    // Faster than Array.from, which uses an iterator.
    for (let i = 0; i < numbers.length; i++) list.push(fixedValue(item, numbers[i] as number | bigint, damaged));
    return list;
  }
  const reader = new PackedReader(bytes, damaged);
  while (!reader.done) list.push(reader.value(item));
  return list;
}

/** A list of numbers, without a copy; `undefined` for other lists. */
export function numbersOf(item: Type, bytes: Uint8Array, damaged: Damage): Numbers | undefined {
  const make = ARRAYS[item.kind];
  if (make === undefined) return undefined;
  const size = make.BYTES_PER_ELEMENT;
  if (bytes.byteLength % size !== 0 || bytes.byteOffset % size !== 0) throw damaged(CUT);
  return new make(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / size);
}

export type Numbers = Uint8Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array | Float64Array;

type NumbersClass = { readonly BYTES_PER_ELEMENT: number } & (new (
  buffer: ArrayBuffer,
  offset: number,
  length: number,
) => Numbers);

/** How the numbers of each fixed type are stored, in columns and in lists. */
export const ARRAYS: { readonly [kind: string]: NumbersClass | undefined } = {
  bool: Uint8Array,
  enum: Uint8Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f64: Float64Array,
};

const UTF8 = new TextDecoder();

const CUT = 'the value of a dictionary does not end where its bytes do';

/** Reads what `src/core/packed_value.h` builds. */
class PackedReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #damaged: Damage;
  #at = 0;

  constructor(bytes: Uint8Array, damaged: Damage) {
    this.#damaged = damaged;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Of a text, or of bytes. */
  bytes(): Uint8Array {
    return this.#take(this.#view.getUint32(this.#advance(4), true));
  }

  value(type: Type): unknown {
    switch (type.kind) {
      case 'text':
        return UTF8.decode(this.bytes());
      case 'bytes':
        return this.bytes().slice();
      case 'struct': {
        const made: Record<string, unknown> = {};
        for (const { name, type: member, optional } of type.members) {
          if (!optional || this.#view.getUint8(this.#advance(1)) === 1) made[name] = this.value(member);
        }
        return made;
      }
      default:
        return fixedValue(type, this.#number(type.kind), this.#damaged);
    }
  }

  /** Goes over a value. */
  visit(type: Type, visit: (text: Uint8Array) => void): void {
    if (type.kind === 'text' || type.kind === 'bytes') visit(this.bytes());
    else if (type.kind !== 'struct') fixedValue(type, this.#number(type.kind), this.#damaged);
    else {
      for (const { type: member, optional } of type.members) {
        if (!optional || this.#view.getUint8(this.#advance(1)) === 1) this.visit(member, visit);
      }
    }
  }

  #number(kind: Type['kind']): number | bigint {
    switch (kind) {
      case 'i32':
        return this.#view.getInt32(this.#advance(4), true);
      case 'u32':
        return this.#view.getUint32(this.#advance(4), true);
      case 'i64':
        return this.#view.getBigInt64(this.#advance(8), true);
      case 'u64':
        return this.#view.getBigUint64(this.#advance(8), true);
      case 'f64':
        return this.#view.getFloat64(this.#advance(8), true);
      default:
        return this.#view.getUint8(this.#advance(1));
    }
  }

  #advance(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw this.#damaged(CUT);
    this.#at += length;
    return at;
  }

  #take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }
}
