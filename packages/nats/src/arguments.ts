import { inspect } from 'node:util';

/** Errors of bad arguments, with Node's own codes and wording, as psutil-extra has them. */

export function invalidType(name: string, expected: string, value: unknown): TypeError {
  return coded(new TypeError(`The "${name}" argument must be ${expected}. Received ${show(value)}`), 'TYPE');
}

export function invalidValue(name: string, reason: string, value: unknown): TypeError {
  return coded(new TypeError(`The argument '${name}' ${reason}. Received ${show(value)}`), 'VALUE');
}

/** Checks that `options` is an object whose names are all known, and returns it. */
export function checkOptions<T extends object>(options: T | undefined, known: readonly (keyof T & string)[]): T {
  const given: unknown = options ?? {};
  if (typeof given !== 'object' || given === null || Symbol.iterator in given || 'aborted' in given) {
    throw invalidType('options', `an object with options such as '${known[0]}'`, given);
  }
  for (const name of Object.keys(given)) {
    if ((known as readonly string[]).includes(name)) continue;
    const names = known.map((each) => `'${each}'`).join(', ');
    const valid = known.length === 1 ? `the valid option is ${names}` : `valid options are ${names}`;
    throw invalidValue('options', `has no option ${show(name)}; ${valid}`, given);
  }
  return given as T;
}

/** A number of something, or of milliseconds. */
export function checkNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!(value >= min && value <= max)) {
    const range = `>= ${min} and <= ${max}`;
    const message = `The value of "${name}" is out of range. It must be ${range}. Received ${show(value)}`;
    throw Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' });
  }
  return value;
}

/** The longest that a timer can wait. */
export const MAX_MS = 2 ** 31 - 1;

export function checkSignal(signal: unknown): AbortSignal | undefined {
  const looksLikeOne = typeof signal === 'object' && signal !== null && 'aborted' in signal;
  if (signal !== undefined && !looksLikeOne) throw invalidType('options.signal', 'an instance of AbortSignal', signal);
  return signal as AbortSignal | undefined;
}

/** The name of a host, as a person knows it. */
export function checkHost(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
  if (!isHostName(value)) throw invalidValue(name, `must be a printable name of 1 to ${MAX_HOST} characters`, value);
  return value;
}

/** Names of hosts in DNS are no longer than this. */
const MAX_HOST = 255;
/** Control characters, and those that change the direction of text, could make a message look like another. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u;

export function isHostName(value: string): boolean {
  return value !== '' && value.length <= MAX_HOST && !UNPRINTABLE.test(value);
}

export function checkPrefix(value: unknown): string {
  if (typeof value !== 'string') throw invalidType('options.prefix', 'of type string', value);
  if (!/^[-\w]{1,64}$/.test(value)) {
    throw invalidValue('options.prefix', "must be one token of a subject: letters, digits, '-' and '_'", value);
  }
  return value;
}

function coded(error: TypeError, what: 'TYPE' | 'VALUE'): TypeError {
  return Object.assign(error, { code: `ERR_INVALID_ARG_${what}` });
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 0, customInspect: false });
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
