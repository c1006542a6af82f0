import { FIELDS } from './schema.js';

/** A set of fields as one number, which is exact in 53 bits. */
export type FieldBits = number;

/**
 * A set of fields: bit `n` is `FIELDS[n]`, in two halves, because bitwise operators take 32 bits. It is immutable. Equal sets
 * are mostly the same object, so that comparing them is fast.
 */
export class FieldSet {
  readonly low: number;
  readonly high: number;
  /** The set as it crosses threads. */
  readonly bits: FieldBits;
  #positions: readonly number[] | undefined;

  private constructor(low: number, high: number, bits: FieldBits) {
    this.low = low;
    this.high = high;
    this.bits = bits;
  }

  /** The set of `bits`. */
  static fromBits(bits: FieldBits): FieldSet {
    return sets.get(bits) ?? FieldSet.from(bits | 0, Math.floor(bits / 2 ** 32));
  }

  /** The set of two halves; bits that are no field are dropped. */
  static from(low: number, high: number): FieldSet {
    const l = low & ALL_LOW;
    const h = high & ALL_HIGH;
    const bits = (h >>> 0) * 2 ** 32 + (l >>> 0);
    const known = sets.get(bits);
    if (known !== undefined) return known;
    const made = new FieldSet(l, h, bits);
    // A program uses a few sets. One that uses many must not fill the memory with them.
    if (sets.size < MAX_INTERNED) sets.set(bits, made);
    return made;
  }

  /** Of fields by their positions. */
  static of(...fields: number[]): FieldSet {
    let low = 0;
    let high = 0;
    for (const field of fields) {
      if (field < 32) low |= 1 << field;
      else high |= 1 << (field - 32);
    }
    return FieldSet.from(low, high);
  }

  get isEmpty(): boolean {
    return this.low === 0 && this.high === 0;
  }

  /** The position of the only field; −1 if there is none, or more than one. */
  get only(): number {
    const word = this.high === 0 ? this.low : this.high;
    if (word === 0 || (word & (word - 1)) !== 0 || (this.low !== 0 && this.high !== 0)) return -1;
    return 31 - Math.clz32(word) + (this.high === 0 ? 0 : 32);
  }

  has(field: number): boolean {
    return ((field < 32 ? this.low >>> field : this.high >>> (field - 32)) & 1) === 1;
  }

  equals(other: FieldSet): boolean {
    return this.low === other.low && this.high === other.high;
  }

  /** Whether every field of the other is here. */
  contains(other: FieldSet): boolean {
    return (other.low & ~this.low) === 0 && (other.high & ~this.high) === 0;
  }

  intersects(other: FieldSet): boolean {
    return (this.low & other.low) !== 0 || (this.high & other.high) !== 0;
  }

  union(other: FieldSet): FieldSet {
    return this.contains(other) ? this : FieldSet.from(this.low | other.low, this.high | other.high);
  }

  intersection(other: FieldSet): FieldSet {
    return other.contains(this) ? this : FieldSet.from(this.low & other.low, this.high & other.high);
  }

  difference(other: FieldSet): FieldSet {
    return this.intersects(other) ? FieldSet.from(this.low & ~other.low, this.high & ~other.high) : this;
  }

  /** The positions, in their order. */
  get positions(): readonly number[] {
    this.#positions ??= positionsOf(this.low, this.high);
    return this.#positions;
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.positions[Symbol.iterator]();
  }
}

function positionsOf(low: number, high: number): readonly number[] {
  const positions: number[] = [];
  for (let word = low; word !== 0; word &= word - 1) positions.push(31 - Math.clz32(word & -word));
  for (let word = high; word !== 0; word &= word - 1) positions.push(63 - Math.clz32(word & -word));
  return positions;
}

const MAX_INTERNED = 1024;
const sets = new Map<number, FieldSet>();
const COUNT = FIELDS.length as number;
const ALL_LOW = COUNT >= 32 ? -1 : (1 << COUNT) - 1;
const ALL_HIGH = COUNT <= 32 ? 0 : (1 << (COUNT - 32)) - 1;

export const NO_FIELDS = FieldSet.from(0, 0);
export const ALL_FIELDS = FieldSet.from(-1, -1);

/** The set of each field alone, by its position. */
export const ONLY: readonly FieldSet[] = FIELDS.map((_, field) => FieldSet.of(field));
