/** Reads bytes of another machine in order. Every read is checked against their end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #failed: (what: string) => Error;
  #at = 0;

  /** `failed` makes the error of a message that is too short or too long. */
  constructor(bytes: Uint8Array, failed: (what: string) => Error) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#failed = failed;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** A view of these bytes. */
  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A copy, which is aligned for typed arrays. */
  block(length: number): ArrayBuffer {
    return copyOf(this.bytes(length));
  }

  end(): void {
    if (this.left > 0) throw this.#failed(`${this.left} bytes follow its end`);
  }

  #advance(length: number): number {
    if (!(length <= this.left)) throw this.#failed(`it ends ${length - this.left} bytes early`);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** The bytes in a buffer of their own. `slice()` of a Buffer is a view. */
export function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** Collects what a message consists of. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  u8(...values: number[]): this {
    return this.bytes(Uint8Array.from(values));
  }

  u16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return this.bytes(bytes);
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.bytes(bytes);
  }

  i32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return this.bytes(bytes);
  }

  f64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.bytes(bytes);
  }

  bytes(bytes: ArrayBufferView): this {
    this.#parts.push(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return this;
  }

  /** All of it, in an array of its own. */
  done(): Uint8Array {
    const made = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      made.set(part, at);
      at += part.length;
    }
    return made;
  }
}
