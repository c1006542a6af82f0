import { dirname, resolve, sep } from 'node:path';
import { stackOf, withStack } from '@psutil-extra/worker';

/**
 * Where a call into this library was made. An error is born in a thread, long after the caller's frames
 * are gone; what the reader of its stack wants is the line that called.
 *
 * V8 follows a promise to the async functions that await it, for nothing until an error is made: where
 * there is one, its frames are the caller's. A program without any is only seen by looking at the time of
 * the call, which would be a tenth of what a call costs. So that begins with the first error whose caller
 * could not be told.
 */
export class CallSites {
  #looking = false;

  /** The caller, where the last resort is needed. */
  look(): CallSite | undefined {
    return this.#looking ? new CallSite() : undefined;
  }

  /** Gives the error a stack that begins at the caller, and returns it. */
  blame(error: Error, site: CallSite | undefined): Error {
    const header = `${error.name}: ${error.message}`;
    const frames = callersOf(stackOf(site ?? error));
    if (frames.length === 0) this.#looking = true;
    return withStack(error, [header, ...frames].join('\n'));
  }
}

/** The frames of the moment at which it is made. */
export class CallSite {
  declare readonly stack: unknown;

  constructor() {
    captureStackTrace?.(this);
  }

  /** The first frame that is not this library's: `main (file:///srv/app.js:10:5)`. */
  get caller(): string | undefined {
    return callersOf(stackOf(this))[0]?.slice(FRAME.length);
  }
}

/** What is left of a stack when the frames of this library and of Node are taken from its top. */
function callersOf(stack: string): string[] {
  const frames = stack.slice(stack.indexOf(`\n${FRAME}`) + 1).split('\n');
  const first = frames.findIndex((frame) => frame.startsWith(FRAME) && !OURS.some((part) => frame.includes(part)));
  return first < 0 ? [] : frames.slice(first);
}

// As it is at import: programs put their own in its place, or take it away.
const captureStackTrace = (Error as Partial<typeof Error>).captureStackTrace?.bind(Error);

const FRAME = '    at ';
const ROOT = dirname(__dirname);
const OURS = [
  `${ROOT}${sep}`,
  // What node --enable-source-maps makes of the same frames.
  `${resolve(ROOT, '../src')}${sep}`,
  '(node:',
  'at node:',
  '(<anonymous>)',
  'at async Promise.',
];
