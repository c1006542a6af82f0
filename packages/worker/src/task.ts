import { workerData } from 'node:worker_threads';
import { loadAddon } from '@psutil-extra/native';
import { attach } from './port.js';
import { errorReply } from './reply.js';
import { Handler } from './request-handler.js';
import { transferred } from './transfer.js';
import type { Reply, Request, ScanRequest, ThreadData } from './wire.js';

/**
 * What piscina calls in each thread. It imports nothing that can fail, see {@link Handler}; and no piscina, of which the
 * client may have another copy. CommonJS, as all of this package: piscina tries `require` first, and Node.js 20 aborts the
 * whole program (`CreateRequiredModuleFacade`) where a thread is ended that is just in a `require` of an ES module. Threads
 * start at the first call, and an error that nobody handles may end the program right behind it.
 */
const { procRoot, hurry } = workerData as ThreadData;
const handler = new Handler(() => new (loadAddon().Reader)(procRoot), hurry);

export default function task(request: Request): unknown {
  if (request.hurried === true) handler.take();
  if (request.op === 'scan') return scanned(request);
  if (request.op !== 'attach') return moved(handler.handle(request));
  try {
    const attached = attach(handler);
    return transferred({ ok: true, value: attached }, [attached.port]);
  } catch (error) {
    return errorReply(error);
  }
}

async function scanned(request: ScanRequest): Promise<unknown> {
  const reply = await handler.scan(request);
  return reply.ok ? transferred(reply, reply.value) : reply;
}

/** Large answers change hands; copying a small one is quicker than handing it over. */
const LEAST_MOVED = 4096;

function moved(reply: Reply<object | number>): unknown {
  if (!reply.ok || !(reply.value instanceof ArrayBuffer) || reply.value.byteLength < LEAST_MOVED) return reply;
  return transferred(reply, [reply.value]);
}
