import type { Writable } from 'node:stream';

/**
 * Writes pieces of text as fast as they are read. Returns false if the reader has closed the pipe, as `head` does, which is no
 * error.
 */
export function print(pieces: Iterable<string>, to: Writable): Promise<boolean> {
  return written(blocks(pieces), to);
}

/** As {@link print}, for bytes. */
export function printBytes(bytes: Uint8Array, to: Writable): Promise<boolean> {
  return written([bytes], to);
}

// Not with pipeline(), which would leave a listener on a stream that stays open.
async function written(parts: Iterable<string | Uint8Array>, to: Writable): Promise<boolean> {
  try {
    for (const part of parts) {
      await new Promise<void>((resolve, reject) => {
        to.write(part, (error) => (error ? reject(error) : resolve()));
      });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}

/** To write each line by itself would be a system call for each line. */
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
