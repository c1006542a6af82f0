import { fileURLToPath } from 'node:url';

/**
 * Where a call into this library was made. An error is born in a thread, long after the caller's frames
 * are gone; what the reader of its stack wants is the line that called.
 *
 * V8 follows a promise to the async functions that await it for nothing, so an error that is made in the
 * caller's own chain of promises has those frames. A caller that does not await directly is only seen by
 * looking at the time of the call, which costs a microsecond: that is done for the first call of a turn,
 * where a message costs many times as much, and not for the ten thousandth.
 */
export class CallSite {
  declare readonly stack: string;

  constructor() {
    Error.captureStackTrace(this);
  }
}

/** Gives the error a stack that begins at the caller, and returns it. */
export function fromCaller(error: Error, site?: CallSite): Error {
  const header = `${error.name}: ${error.message}`;
  const stack = site?.stack ?? error.stack ?? '';
  const frames = stack.slice(stack.indexOf('\n    at ') + 1).split('\n');
  const first = frames.findIndex(
    (frame) => frame.startsWith('    at ') && !INTERNAL.some((part) => frame.includes(part)),
  );
  Object.defineProperty(error, 'stack', {
    value: first < 0 ? header : `${header}\n${frames.slice(first).join('\n')}`,
    configurable: true,
    writable: true,
  });
  return error;
}

const INTERNAL = [
  new URL('.', import.meta.url).href,
  // What node --enable-source-maps makes of the same frames.
  fileURLToPath(new URL('../src/', import.meta.url)),
  '(node:internal/',
  'at node:internal/',
  '(<anonymous>)',
  'at async Promise.',
];
