import { readElf } from './elf.js';
import { readMachO } from './mach-o.js';

/** What a shared object wants from outside, and what it gives. */
export interface Binary {
  /** Libraries that the loader must find. */
  readonly libraries: readonly string[];
  /** Functions and variables that are taken from outside. */
  readonly imports: readonly Import[];
  /** Functions and variables that others can find. */
  readonly exports: readonly string[];
  /** Whether it is signed, where the system runs nothing else. */
  readonly signed?: boolean;
}

export interface Import {
  /** As in C. */
  readonly name: string;
  /** The version of the symbol, such as `GLIBC_2.17`, where there are versions. */
  readonly version?: string;
}

/**
 * Reads a 64-bit, little-endian shared object of one of the two formats that are built here.
 *
 * @throws where it is something else.
 */
export function readBinary(bytes: Buffer): Binary {
  switch (bytes.readUInt32LE(0)) {
    case 0x464c457f:
      return readElf(bytes);
    case 0xfeedfacf:
      return readMachO(bytes);
    default:
      throw new Error(`neither ELF nor Mach-O: it begins with ${bytes.toString('hex', 0, 4)}`);
  }
}
