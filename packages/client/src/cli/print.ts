import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes pieces of text as fast as they are taken. False where the reader has gone: `head` has what it
 * wanted, and that is no error.
 */
export function print(pieces: Iterable<string>, to: Writable): Promise<boolean> {
  return written(Readable.from(blocks(pieces)), to);
}

/** As {@link print}, for bytes. */
export function printBytes(bytes: Uint8Array, to: Writable): Promise<boolean> {
  return written(Readable.from([bytes], { objectMode: false }), to);
}

async function written(from: Readable, to: Writable): Promise<boolean> {
  try {
    await pipeline(from, to, { end: false });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}

/** A line a write would be a system call a line. */
function* blocks(pieces: Iterable<string>): Generator<string> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length >= BLOCK) {
      yield block;
      block = '';
    }
  }
  if (block !== '') yield block;
}

const BLOCK = 64 * 1024;
