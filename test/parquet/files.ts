import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const from = createRequire(new URL('../../packages/parquet/package.json', import.meta.url));

/** What a reader of Parquet, which is not the one that wrote it, finds in a column. */
interface Read {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type: unknown }[] };
  toArray(): { toJSON(): Record<string, unknown> }[];
}

const arrow = from('apache-arrow') as {
  tableFromIPC(bytes: Uint8Array): Read;
  tableFromArrays(columns: Record<string, readonly number[]>): unknown;
  tableToIPC(table: unknown, format: 'stream'): Uint8Array;
};
const parquet = from('parquet-wasm/node') as { readParquet(bytes: Uint8Array): { intoIPCStream(): Uint8Array } };

/** A stream of Arrow of one row. */
export function streamOfArrow(): Uint8Array {
  return arrow.tableToIPC(arrow.tableFromArrays({ pid: [1] }), 'stream');
}

/** The rows of a stream of Arrow as plain objects. */
export function rowsOfArrow(bytes: Uint8Array): Record<string, unknown>[] {
  return arrow
    .tableFromIPC(bytes)
    .toArray()
    .map((row) => row.toJSON());
}

/** A Parquet file as a table of Arrow. */
export function readFile(path: string): Read {
  return arrow.tableFromIPC(parquet.readParquet(readFileSync(path)).intoIPCStream());
}

/** Its rows as plain objects. */
export function rowsOf(path: string): Record<string, unknown>[] {
  return readFile(path)
    .toArray()
    .map((row) => row.toJSON());
}

/** Values of Arrow as the library has them: lists are arrays, structs are objects. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.getTime();
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint32Array);
  const object = 'toJSON' in value ? (value as { toJSON(): object }).toJSON() : value;
  if (Array.isArray(object)) return object.map(plain);
  return Object.fromEntries(Object.entries(object).map(([name, each]) => [name, plain(each)]));
}

/** A directory of its own, which is removed. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'psutil-extra-parquet-'));

  file(name: string): string {
    return join(this.path, name);
  }

  /** The names in it, in order. */
  get names(): string[] {
    return readdirSync(this.path).sort();
  }

  /** The finished files in it, in order. */
  get files(): string[] {
    return this.names.filter((name) => /^[^.].*\.parquet$/.test(name)).map((name) => this.file(name));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
