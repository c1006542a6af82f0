/** Which values of a column are there, as it is built: a bit for each, set if it is. */
export class Validity {
  readonly bits: Uint8Array;
  #missing: number;

  constructor(length: number) {
    this.bits = new Uint8Array((length + 7) >> 3);
    this.#missing = length;
  }

  set(at: number): void {
    (this.bits[at >> 3] as number) |= 1 << (at & 7);
    this.#missing--;
  }

  /** As Arrow takes it: a column without missing values has no bits. */
  get parts(): { nullCount: number; nullBitmap: Uint8Array | undefined } {
    return { nullCount: this.#missing, nullBitmap: this.#missing === 0 ? undefined : this.bits };
  }
}
