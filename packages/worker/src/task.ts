import { loadAddon } from '@psutil-extra/native';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { Handler } from './handler.js';
import { attach } from './port.js';
import { errorReply } from './reply.js';
import type { Reply, Request, ScanRequest, ThreadData } from './wire.js';

/**
 * What piscina calls in each thread, see `entry.cts`. It imports nothing that can fail: see {@link Handler}.
 */
const { procRoot, hurry } = workerData as ThreadData;
const handler = new Handler(() => new (loadAddon().Reader)(procRoot), hurry);

export default function task(request: Request): unknown {
  if (request.hurried === true) handler.take();
  if (request.op === 'scan') return scanned(request);
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

async function scanned(request: ScanRequest): Promise<unknown> {
  const reply = await handler.scan(request);
  return reply.ok ? move({ [transferableSymbol]: reply.value, [valueSymbol]: reply }) : reply;
}

/** Large answers change hands; copying a small one is quicker than handing it over. */
const LEAST_MOVED = 4096;

function moved(reply: Reply<object | number>): unknown {
  if (!reply.ok || !(reply.value instanceof ArrayBuffer) || reply.value.byteLength < LEAST_MOVED) return reply;
  return move({ [transferableSymbol]: [reply.value], [valueSymbol]: reply });
}
