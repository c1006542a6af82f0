import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { Compression, Table, transformParquetStream, WriterPropertiesBuilder } from 'parquet-wasm/node';
import { unreadable } from './damage-text.js';
import { MODE, named, putInPlace, remove } from './durable.js';
import { arrowAt, contentOf, type Damage, type Place } from './journal-content.js';

/** The names of one file while it is made. */
export interface Stages {
  readonly journal: string;
  readonly temporary: string;
  readonly file: string;
  /** How many readings the journal is known to have: of those that a recorder has left it is not known. */
  readonly written?: number;
  /** Whether there is to be no file if the journal is damaged. */
  readonly isAllOrNone?: boolean;
  /** In memory that threads share: not 0 if the file is not wanted any more. */
  readonly cancelled?: Int32Array;
}

/** What a journal has become. */
export interface Converted {
  readonly readings: number;
  readonly rows: number;
  readonly bytes: number;
  /** What of the journal is not in the file. */
  readonly damage: Damage | undefined;
}

/**
 * Makes a Parquet file of a journal's whole readings, a group of rows at a time. It has another name until it is complete
 * and on the disk. Without a whole reading there is no file. The journal is left. If it is cancelled, or must be whole and is
 * not, it throws.
 */
export async function convert({
  journal,
  temporary,
  file,
  written,
  isAllOrNone,
  cancelled,
}: Stages): Promise<Converted> {
  const source = openSync(journal, 'r');
  try {
    const { parts, ...content } = contentOf(source, written);
    if (isAllOrNone && content.damage) throw new Error(`${journal} is damaged: ${unreadable(content.damage)}`);
    if (content.readings === 0) return { ...content, bytes: 0 };
    remove(temporary);
    const target = openSync(temporary, 'wx', MODE);
    let bytes = 0;
    try {
      for await (const chunk of await parquet(source, parts)) {
        throwIfCancelled(cancelled);
        for (let at = 0; at < chunk.length; ) at += writeSync(target, chunk, at);
        bytes += chunk.length;
      }
      fsyncSync(target);
      throwIfCancelled(cancelled);
      putInPlace(temporary, file);
    } catch (error) {
      remove(temporary);
      const isRead = (error as NodeJS.ErrnoException).syscall === 'read';
      throw named(error, isRead ? journal : temporary);
    } finally {
      closeSync(target);
    }
    return { ...content, bytes };
  } finally {
    closeSync(source);
  }
}

function throwIfCancelled(cancelled: Int32Array | undefined): void {
  if (cancelled !== undefined && Atomics.load(cancelled, 0) !== 0)
    throw Object.assign(new Error('the file is not wanted any more'), { code: 'ABORT_ERR' });
}

function parquet(source: number, parts: readonly Place[]): Promise<AsyncIterable<Uint8Array>> {
  let next = 0;
  const batches = new ReadableStream(
    {
      pull(controller) {
        const part = parts[next++];
        if (part === undefined) {
          controller.close();
          return;
        }
        const table = Table.fromIPCStream(arrowAt(source, part));
        for (const batch of table.recordBatches()) controller.enqueue(batch);
        table.free();
      },
    },
    { highWaterMark: 0 },
  );
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setMaxRowGroupSize(ROWS_OF_GROUP)
    .setMaxRowGroupBytes(BYTES_OF_GROUP)
    .setCreatedBy('psutil-extra')
    .build();
  return transformParquetStream(batches, properties);
}

/** As DuckDB likes them: a thread reads a group. */
const ROWS_OF_GROUP = 122_880;
/** They are in memory until they are written. */
const BYTES_OF_GROUP = 32 * 2 ** 20;
