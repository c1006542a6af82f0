import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { convert } from './convert.js';
import { plainError } from './plain-error.js';

/** A thread that converts one journal and ends: WebAssembly never gives back memory that it has once used. */
const { journal, temporary, file } = workerData as Record<'journal' | 'temporary' | 'file', string>;

async function answer(): Promise<object> {
  try {
    return { converted: await convert(journal, temporary, file) };
  } catch (error) {
    return { error: plainError(error) };
  }
}

void answer().then((made) => (parentPort as MessagePort).postMessage(made, []));
