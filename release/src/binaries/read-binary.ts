import type { Binary } from './binary.js';
import { readElf } from './elf.js';
import { readMachO } from './mach-o.js';

/**
 * Reads a 64-bit, little-endian shared object of one of the two formats that are built here.
 *
 * @throws if it has another format.
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
