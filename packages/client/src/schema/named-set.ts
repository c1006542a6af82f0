import { inspect } from 'node:util';

/** A set of small numbers that have names. It is a `Set` of numbers, which cannot be changed. */
export abstract class NamedSet extends Set<number> {
  /** The number that bit 0 of the mask stands for. */
  protected abstract get first(): number;
  /** The number of a name. Throws for a name that no member can have. */
  protected abstract numberOf(name: string): number;
  protected abstract nameOf(number: number): string;
  /** Its name in `util.inspect()`. */
  protected abstract get kind(): string;

  /** Adds the numbers of the bits of a word, whose lowest is `first`. For constructors. */
  protected addBits(word: number, first: number): void {
    for (let bits = word; bits !== 0; bits &= bits - 1) super.add(first + 31 - Math.clz32(bits & -bits));
  }

  get mask(): bigint {
    let mask = 0n;
    for (const number of this) mask |= 1n << BigInt(number - this.first);
    return mask;
  }

  override has(member: number | string): boolean {
    return super.has(typeof member === 'string' ? this.numberOf(member) : member);
  }

  names(): string[] {
    return Array.from(this, (number) => this.nameOf(number));
  }

  toJSON(): string[] {
    return this.names();
  }

  override add(): never {
    return refuseChange(this.kind);
  }

  override delete(): never {
    return refuseChange(this.kind);
  }

  override clear(): never {
    return refuseChange(this.kind);
  }

  [inspect.custom](): string {
    return `${this.kind} { ${this.names().join(', ')} }`;
  }
}

// Jest and Vitest compare constructors: such a set equals any other set of the same numbers.
Object.defineProperty(NamedSet.prototype, 'constructor', { value: Set, configurable: true, writable: true });

function refuseChange(kind: string): never {
  throw new TypeError(`a ${kind} cannot be changed; new Set(…) makes a copy that can`);
}
