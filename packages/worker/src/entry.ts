import { constants, getPriority, setPriority } from 'node:os';
import { loadAddon } from '@psutil-extra/native';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { Handler } from './handler.js';
import { attach } from './port.js';
import { errorReply } from './reply.js';
import type { Reply, Request, ThreadData } from './wire.js';

const NICENESS = 5;

/**
 * The module that piscina runs in each thread. It imports nothing that can fail: see {@link Handler}.
 */
stepBack();

const { procRoot, hurry } = workerData as ThreadData;
const handler = new Handler(() => new (loadAddon().Reader)(procRoot), hurry);

export default function task(request: Request): unknown {
  if (request.op !== 'attach') return moved(handler.handle(request));
  try {
    const attached = attach(handler);
    return move({
      [transferableSymbol]: [attached.port],
      [valueSymbol]: { ok: true, value: attached },
    });
  } catch (error) {
    return errorReply(error);
  }
}

/**
 * Gives the program's other threads precedence where there are fewer processors than work: reading processes
 * is never as urgent as what is asked of a server. On Linux priority belongs to the thread; elsewhere this
 * would be the whole program's.
 */
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, Math.min(constants.priority.PRIORITY_LOW, getPriority(0) + NICENESS));
  } catch {
    // A sandbox may forbid it; everything works without.
  }
}

/** Large answers change hands; copying a small one is quicker than handing it over. */
const LEAST_MOVED = 4096;

function moved(reply: Reply<object | number>): unknown {
  if (!reply.ok || !(reply.value instanceof ArrayBuffer) || reply.value.byteLength < LEAST_MOVED) return reply;
  return move({ [transferableSymbol]: [reply.value], [valueSymbol]: reply });
}
