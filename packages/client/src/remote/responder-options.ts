import { checkInteger, checkSignal, invalidType, invalidValue, isIterable } from '../support/arguments.js';
import { checkOptions } from '../support/check-options.js';
import { didYouMean } from '../support/nearest.js';
import { ALLOWED, type Allowed } from './allowed.js';
import { MIN_PART } from './answer-parts.js';
import { Redaction } from './redaction.js';

/** Options of `createResponder()`. */
export interface ResponderOptions {
  /** What is allowed beyond reading. Default: nothing. */
  readonly allow?: readonly Allowed[] | undefined;
  /**
   * Every part of a text that one of these matches is sent as asterisks: of command lines, environments, paths, names. A command
   * line is searched argument by argument, and as a whole with spaces in between.
   */
  readonly redact?: readonly RegExp[] | undefined;
}

/** Options of `Responder.handle()`. */
export interface HandleOptions {
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
  /** The most bytes of a part of the answer: at least 4096. Default 524,288. */
  readonly maxPart?: number | undefined;
}

/** @internal */
export function readResponderOptions(options: ResponderOptions | undefined): {
  readonly allowed: ReadonlySet<Allowed>;
  readonly redaction: Redaction;
} {
  if (options !== undefined) checkOptions(options, RESPONDER);
  const { allow = [], redact } = options ?? {};
  if (!isIterable(allow)) throw invalidType('options.allow', 'an array of names', allow);
  const allowed = new Set<Allowed>();
  for (const name of allow as Iterable<unknown>) {
    if (!ALLOWED.includes(name as Allowed)) {
      const hint = didYouMean(name, ALLOWED);
      throw invalidValue('options.allow', `may have ${ALLOWED.map((each) => `'${each}'`).join(', ')}${hint}`, name);
    }
    allowed.add(name as Allowed);
  }
  return { allowed, redaction: Redaction.of(redact) };
}

/** @internal */
export function readHandleOptions(options: HandleOptions | undefined): {
  readonly signal: AbortSignal | undefined;
  readonly maxPart: number;
} {
  if (options !== undefined) checkOptions(options, HANDLE);
  const { signal, maxPart = DEFAULT_PART } = options ?? {};
  return { signal: checkSignal(signal), maxPart: checkInteger('options.maxPart', maxPart, MIN_PART, MAX_PART) };
}

const RESPONDER = ['allow', 'redact'] as const satisfies readonly (keyof ResponderOptions)[];
const HANDLE = ['signal', 'maxPart'] as const satisfies readonly (keyof HandleOptions)[];
const DEFAULT_PART = 512 * 1024;
const MAX_PART = 64 * 1024 * 1024;
