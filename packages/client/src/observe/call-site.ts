import { dirname, resolve, sep } from 'node:path';
import { stackOf, withStack } from '@psutil-extra/worker';

/**
 * Finds where a call into this library was made. An error comes from a thread, long after the caller's frames are gone, but its
 * stack should begin at the caller's line.
 *
 * V8 follows a promise to the async functions that await it, which costs nothing until an error is created: their frames
 * are the caller's. If no async function awaits the call, its frames have to be captured when it is made, which would add
 * a tenth to the cost of each call. So this begins with the first error whose caller was not found.
 */
export class CallSites {
  #capturing = false;

  /** The frames of the caller, once they have to be captured. */
  capture(): CallSite | undefined {
    return this.#capturing ? new CallSite() : undefined;
  }

  /** Gives the error a stack that begins at the caller, and returns the error. */
  attachCallerStack(error: Error, site: CallSite | undefined): Error {
    const header = `${error.name}: ${error.message}`;
    let frames = callersOf(stackOf(site ?? error));
    // No async function awaits the error of a message that a thread sends by itself. One awaits the call that it ends.
    if (frames.length === 0) frames = callersOf(stackOf(new CallSite()));
    if (frames.length === 0) this.#capturing = true;
    return withStack(error, [header, ...frames].join('\n'));
  }
}

/** The frames at its creation. */
export class CallSite {
  declare readonly stack: unknown;

  constructor() {
    captureStackTrace?.(this);
  }

  /** The first frame outside this library: `main (file:///srv/app.js:10:5)`. */
  get caller(): string | undefined {
    return callersOf(stackOf(this))[0]?.slice(FRAME.length);
  }
}

/** A stack without the frames of this library and of Node at its top. */
function callersOf(stack: string): string[] {
  const frames = stack.slice(stack.indexOf(`\n${FRAME}`) + 1).split('\n');
  const first = frames.findIndex((frame) => frame.startsWith(FRAME) && !OURS.some((part) => frame.includes(part)));
  return first < 0 ? [] : frames.slice(first);
}

// As it was at import, because programs replace or remove it.
const captureStackTrace = (Error as Partial<typeof Error>).captureStackTrace?.bind(Error);

const FRAME = '    at ';
const ROOT = dirname(__dirname);
const OURS = [
  `${ROOT}${sep}`,
  // The same frames with node --enable-source-maps.
  `${resolve(ROOT, '../src')}${sep}`,
  '(node:',
  'at node:',
  '(<anonymous>)',
  'at async Promise.',
];
