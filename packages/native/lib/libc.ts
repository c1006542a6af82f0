import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/**
 * Whether the C library of this program is musl: the file of the program names its loader. Node's report has this too, but it
 * waits for every worker thread of the program, and for seconds if one is busy.
 *
 * @param programs files that may hold the program, the surest first
 */
export function isMusl(programs: readonly string[] = ['/proc/self/exe', process.execPath]): boolean {
  for (const program of programs) {
    const loader = loaderOf(program);
    if (loader !== undefined) return loader.includes('/ld-musl-');
  }
  // The program is linked statically, or its file cannot be read. Then the library of the system decides.
  return existsSync('/etc/alpine-release');
}

/** The path of the loader in an ELF file (`PT_INTERP`), if the file can be read and has one. */
function loaderOf(program: string): string | undefined {
  try {
    const file = openSync(program, 'r');
    try {
      const header = bytesOf(file, 0, HEADER_BYTES);
      if (header.readUInt32BE(0) !== MAGIC) return undefined;
      const elf = new Elf(header);
      const { at, size, count } = elf.programHeaders;
      const segments = bytesOf(file, at, size * count);
      for (let index = 0; index < count; index++) {
        const segment = segments.subarray(index * size, (index + 1) * size);
        if (elf.word(segment, 0) !== PT_INTERP) continue;
        const { offset, length } = elf.place(segment);
        return bytesOf(file, offset, Math.min(length, LONGEST_PATH)).toString('latin1').replace(/\0.*/s, '');
      }
    } finally {
      closeSync(file);
    }
  } catch {
    // The file is missing, not permitted, or cut off.
  }
  return undefined;
}

/** The places in a header of 32 or 64 bits, of either byte order. */
class Elf {
  readonly #header: Buffer;
  readonly #is64: boolean;
  readonly #isLittle: boolean;

  constructor(header: Buffer) {
    this.#header = header;
    this.#is64 = header[4] === 2;
    this.#isLittle = header[5] === 1;
  }

  get programHeaders(): { at: number; size: number; count: number } {
    const [at, size, count] = this.#is64 ? [32, 54, 56] : [28, 42, 44];
    return { at: this.#address(this.#header, at), size: this.#half(size), count: this.#half(count) };
  }

  place(segment: Buffer): { offset: number; length: number } {
    const [offset, length] = this.#is64 ? [8, 32] : [4, 16];
    return { offset: this.#address(segment, offset), length: this.#address(segment, length) };
  }

  word(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  #half(at: number): number {
    return this.#isLittle ? this.#header.readUInt16LE(at) : this.#header.readUInt16BE(at);
  }

  #address(bytes: Buffer, at: number): number {
    if (!this.#is64) return this.word(bytes, at);
    return Number(this.#isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
}

function bytesOf(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}

/** `0x7f`, `ELF`. */
const MAGIC = 0x7f454c46;
const HEADER_BYTES = 64;
const PT_INTERP = 3;
const LONGEST_PATH = 4096;
