// https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h and nlist.h
import type { Binary, Import } from './binary.js';

const HEADER_SIZE = 32;
const CPU_TYPE_ARM64 = 0x0100000c;
const SYMBOL_SIZE = 16;
const Command = { symtab: 0x2, loadDylib: 0xc, codeSignature: 0x1d } as const;
const N_STAB = 0xe0;
const N_PEXT = 0x10;
const N_TYPE = 0x0e;
const N_EXT = 0x01;

/** Reads the load commands and the table of symbols. Names lose the `_` that the compiler puts before those of C. */
export function readMachO(bytes: Buffer): Binary {
  const libraries: string[] = [];
  const imports: Import[] = [];
  const exports: string[] = [];
  let signed = false;
  for (const { type, at } of commandsOf(bytes)) {
    if (type === Command.loadDylib) libraries.push(cString(bytes, at + bytes.readUInt32LE(at + 8)));
    if (type === Command.codeSignature) signed = true;
    if (type !== Command.symtab) continue;
    for (const { name, isUndefined } of externalSymbols(bytes, at)) {
      if (isUndefined) imports.push({ name });
      else exports.push(name);
    }
  }
  // macOS runs unsigned code on x64 alone.
  const mustBeSigned = bytes.readUInt32LE(4) === CPU_TYPE_ARM64;
  return mustBeSigned ? { libraries, imports, exports, signed } : { libraries, imports, exports };
}

function commandsOf(bytes: Buffer): { readonly type: number; readonly at: number }[] {
  const commands = [];
  let at = HEADER_SIZE;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    commands.push({ type: bytes.readUInt32LE(at), at });
    at += bytes.readUInt32LE(at + 4);
  }
  return commands;
}

function externalSymbols(bytes: Buffer, command: number): { readonly name: string; readonly isUndefined: boolean }[] {
  const start = bytes.readUInt32LE(command + 8);
  const strings = bytes.readUInt32LE(command + 16);
  const symbols = [];
  for (let index = 0; index < bytes.readUInt32LE(command + 12); index++) {
    const at = start + index * SYMBOL_SIZE;
    const type = bytes.readUInt8(at + 4);
    if ((type & (N_STAB | N_PEXT)) !== 0 || (type & N_EXT) === 0) continue;
    const name = cString(bytes, strings + bytes.readUInt32LE(at)).replace(/^_/, '');
    symbols.push({ name, isUndefined: (type & N_TYPE) === 0 });
  }
  return symbols;
}

function cString(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}
