interface Contents {
  readonly cpu: 'x64' | 'arm64';
  readonly libraries?: readonly string[];
  readonly imports?: readonly string[];
  readonly exports?: readonly string[];
  readonly signed?: boolean;
}

const CPU_TYPE = { x64: 0x01000007, arm64: 0x0100000c } as const;
const HEADER_SIZE = 32;

/** A Mach-O file with nothing in it but what a reader of its symbols looks at, since nothing here makes one. */
export function machO({ cpu, libraries = [], imports = [], exports = [], signed = false }: Contents): Buffer {
  const names = [...imports, ...exports];
  const commands = [...libraries.map(dylib), ...(signed ? [words(0x1d, 16, 0, 0)] : [])];
  const symbolsAt = HEADER_SIZE + 24 + size(commands);
  const stringsAt = symbolsAt + names.length * 16;
  const all = [...commands, words(0x2, 24, symbolsAt, names.length, stringsAt, 0)];
  const header = words(0xfeedfacf, CPU_TYPE[cpu], 0, 6, all.length, size(all), 0, 0);
  let nameAt = 1;
  const symbols = names.map((name, index) => {
    const isUndefined = index < imports.length;
    const symbol = Buffer.alloc(16);
    symbol.writeUInt32LE(nameAt, 0);
    symbol.writeUInt8(isUndefined ? 0x01 : 0x0f, 4);
    nameAt += name.length + 1;
    return symbol;
  });
  return Buffer.concat([header, ...all, ...symbols, Buffer.from(`\0${names.map((name) => `${name}\0`).join('')}`)]);
}

function dylib(path: string): Buffer {
  const text = Buffer.alloc(Math.ceil((path.length + 1) / 8) * 8);
  text.write(path);
  return Buffer.concat([words(0xc, 24 + text.length, 24, 0, 0, 0), text]);
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value, index * 4);
  return buffer;
}

function size(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
