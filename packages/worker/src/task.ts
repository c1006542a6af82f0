import { threadId, workerData } from 'node:worker_threads';
import { type ExitWatcher, loadAddon } from '@psutil-extra/native';
import { loadFrames } from '@psutil-extra/native/protocol';
import { ExitWaits } from './exit-waits.js';
import { errorReply } from './reply.js';
import { RequestHandler } from './request-handler.js';
import { RequestPort } from './request-port.js';
import { MIN_MOVED, transferred } from './transfer.js';
import type { Attached, ConnectRequest, Reply, Request, ScanRequest, ThreadData } from './wire.js';

/**
 * Piscina calls this function in each thread. The module imports nothing that can fail, see {@link RequestHandler}, and does
 * not import piscina, of which the client may have another copy. It is CommonJS, as all of this package: piscina tries
 * `require` first, and Node.js 20 aborts the whole program (`CreateRequiredModuleFacade`) if a thread ends during the
 * `require` of an ES module. That can happen, because threads start at the first call, and an unhandled error may end the
 * program directly after it.
 */
const { procRoot, stallTimeout, urgentPending } = workerData as ThreadData;
let waits: ExitWaits | undefined;
let port: RequestPort | undefined;
let isFirst = true;
const handler = new RequestHandler(
  () => new (loadAddon().Reader)(procRoot, stallTimeout),
  urgentPending,
  () => waits?.isWaiting === true,
);

export default function task(request: Request | ConnectRequest): unknown {
  if (isFirst) {
    isFirst = false;
    setImmediate(loadEarly);
  }
  if (request.urgent === true) handler.ackUrgent();
  else if (handler.hasUrgent) return afterUrgent(request);
  return answer(request);
}

/** What the first answer does not need. */
function loadEarly(): void {
  try {
    loadFrames();
  } catch {
    // The first request that needs it tries again.
  }
}

/** Urgent requests that have arrived on the port of this thread go first. */
async function afterUrgent(request: Request | ConnectRequest): Promise<unknown> {
  port?.receive();
  // They are answered before this continues.
  await Promise.resolve();
  return answer(request);
}

function answer(request: Request | ConnectRequest): unknown {
  if (request.op === 'scan') return scanned(request);
  if (request.op === 'connect') return connect(request);
  if (request.op !== 'attach' && request.op !== 'watch') return moved(handler.handle(request));
  try {
    const attached = request.op === 'attach' ? attach() : watch();
    return transferred({ ok: true, value: attached }, [attached.port]);
  } catch (error) {
    return errorReply(error);
  }
}

function connect(request: ConnectRequest): void {
  port = new RequestPort(request.port, handler);
}

/** Only oneshots need comlink: it is loaded for the first one. */
function attach(): Attached {
  const oneshots = require('./port.js') as typeof import('./port.js');
  return oneshots.attach(handler);
}

/** Waits on one end of a channel, and returns the other. */
function watch(): Attached {
  const { port1, port2 } = new MessageChannel();
  waits = ExitWaits.open(port1, ackUrgent, openWatcher);
  return { threadId, port: port2 };
}

function ackUrgent(): void {
  handler.ackUrgent();
}

function openWatcher(ready: () => void): ExitWatcher {
  return new (loadAddon().ExitWatcher)(procRoot, ready);
}

async function scanned(request: ScanRequest): Promise<unknown> {
  const reply = await handler.scan(request);
  if (!reply.ok) return reply;
  const large = reply.value.filter(isLarge);
  return large.length > 0 ? transferred(reply, large) : reply;
}

function moved(reply: Reply<object | number | null>): unknown {
  if (!reply.ok || !(reply.value instanceof ArrayBuffer) || !isLarge(reply.value)) return reply;
  return transferred(reply, [reply.value]);
}

function isLarge(buffer: ArrayBuffer): boolean {
  return buffer.byteLength >= MIN_MOVED;
}
