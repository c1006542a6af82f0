// https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
import type { Binary, Import } from './binary.js';

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const Tag = {
  needed: 1,
  hash: 4,
  strtab: 5,
  symtab: 6,
  rela: 7,
  jmprel: 0x17,
  gnuHash: 0x6ffffef5,
  versym: 0x6ffffff0,
  verdef: 0x6ffffffc,
  verneed: 0x6ffffffe,
  verneednum: 0x6fffffff,
} as const;
/** What may stand behind the table of symbols. */
const TABLES = [Tag.hash, Tag.strtab, Tag.rela, Tag.jmprel, Tag.gnuHash, Tag.versym, Tag.verdef, Tag.verneed];
const SYMBOL_SIZE = 24;
const DYNAMIC_SIZE = 16;

/** Reads what the dynamic section leads to, as the system's loader does: section headers may have been stripped. */
export function readElf(bytes: Buffer): Binary {
  const segments = segmentsOf(bytes);
  const dynamic = entriesOf(bytes, segments);
  const at = (tag: number): number => offsetOf(segments, one(dynamic, tag));
  const strings = at(Tag.strtab);
  const stringAt = (offset: number): string => cString(bytes, strings + offset);
  const versions = dynamic.has(Tag.verneed)
    ? versionNames(bytes, at(Tag.verneed), one(dynamic, Tag.verneednum), stringAt)
    : new Map<number, string>();

  const imports: Import[] = [];
  const exports: string[] = [];
  const symbols = at(Tag.symtab);
  // Nothing says how many symbols there are: they go on until the next table begins.
  const end = nearestAfter(
    symbols,
    TABLES.flatMap((tag) => dynamic.get(tag) ?? []).map((address) => offsetOf(segments, address)),
  );
  for (let offset = symbols + SYMBOL_SIZE, index = 1; offset + SYMBOL_SIZE <= end; offset += SYMBOL_SIZE, index++) {
    const name = stringAt(bytes.readUInt32LE(offset));
    if (name === '') continue;
    const isUndefined = bytes.readUInt16LE(offset + 6) === 0;
    if (!isUndefined) {
      exports.push(name);
      continue;
    }
    const version = dynamic.has(Tag.versym)
      ? versions.get(bytes.readUInt16LE(at(Tag.versym) + 2 * index) & 0x7fff)
      : undefined;
    imports.push(version === undefined ? { name } : { name, version });
  }
  return { libraries: (dynamic.get(Tag.needed) ?? []).map(stringAt), imports, exports };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function segmentsOf(bytes: Buffer): Segment[] {
  const [is64Bit, isLittleEndian] = [bytes[4] === 2, bytes[5] === 1];
  if (!is64Bit || !isLittleEndian) throw new Error('an ELF file, but not one of 64 bits in little-endian order');
  const start = Number(bytes.readBigUInt64LE(0x20));
  const size = bytes.readUInt16LE(0x36);
  return Array.from({ length: bytes.readUInt16LE(0x38) }, (_, index) => {
    const header = start + index * size;
    return {
      type: bytes.readUInt32LE(header),
      offset: Number(bytes.readBigUInt64LE(header + 8)),
      address: Number(bytes.readBigUInt64LE(header + 16)),
      size: Number(bytes.readBigUInt64LE(header + 32)),
    };
  });
}

function entriesOf(bytes: Buffer, segments: readonly Segment[]): Map<number, number[]> {
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) throw new Error('an ELF file without a dynamic section');
  const entries = new Map<number, number[]>();
  for (let offset = dynamic.offset; offset < dynamic.offset + dynamic.size; offset += DYNAMIC_SIZE) {
    const tag = Number(bytes.readBigUInt64LE(offset));
    if (tag === 0) break;
    entries.set(tag, [...(entries.get(tag) ?? []), Number(bytes.readBigUInt64LE(offset + 8))]);
  }
  return entries;
}

function one(dynamic: ReadonlyMap<number, readonly number[]>, tag: number): number {
  const value = dynamic.get(tag)?.[0];
  if (value === undefined) throw new Error(`an ELF file without the dynamic entry 0x${tag.toString(16)}`);
  return value;
}

/** The place in the file of what the loader maps at an address. */
function offsetOf(segments: readonly Segment[], address: number): number {
  const segment = segments.find(
    ({ type, address: start, size }) => type === PT_LOAD && address >= start && address < start + size,
  );
  if (segment === undefined) throw new Error(`an ELF file that maps nothing at 0x${address.toString(16)}`);
  return address - segment.address + segment.offset;
}

function nearestAfter(start: number, offsets: readonly number[]): number {
  return Math.min(...offsets.filter((offset) => offset > start));
}

/** The names of versions by their number in the table of symbols' versions. */
function versionNames(
  bytes: Buffer,
  start: number,
  libraries: number,
  stringAt: (offset: number) => string,
): Map<number, string> {
  const names = new Map<number, string>();
  let library = start;
  for (let i = 0; i < libraries; i++) {
    let version = library + bytes.readUInt32LE(library + 8);
    const count = bytes.readUInt16LE(library + 2);
    for (let j = 0; j < count; j++) {
      names.set(bytes.readUInt16LE(version + 6), stringAt(bytes.readUInt32LE(version + 8)));
      version += bytes.readUInt32LE(version + 12);
    }
    library += bytes.readUInt32LE(library + 12);
  }
  return names;
}

function cString(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}
