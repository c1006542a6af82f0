import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { convert, type Stages } from './convert.js';
import { plainError } from './plain-error.js';

/** A thread that converts one journal and ends: WebAssembly never gives back memory that it has once used. */
async function answer(): Promise<object> {
  try {
    return { converted: await convert(workerData as Stages) };
  } catch (error) {
    return { error: plainError(error) };
  }
}

void answer().then((made) => (parentPort as MessagePort).postMessage(made, []));
