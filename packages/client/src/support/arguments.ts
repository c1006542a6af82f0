import { inspect } from 'node:util';

/** Errors of bad arguments: Node's own codes and wording, with the argument's name and the value. */

export function invalidType(name: string, expected: string, value: unknown): TypeError {
  return coded(
    new TypeError(`The "${name}" argument must be ${expected}. Received ${received(value)}`),
    'ERR_INVALID_ARG_TYPE',
  );
}

export function invalidValue(name: string, reason: string, value: unknown): TypeError {
  return coded(new TypeError(`The argument '${name}' ${reason}. Received ${show(value)}`), 'ERR_INVALID_ARG_VALUE');
}

export function outOfRange(name: string, range: string, value: unknown): RangeError {
  return coded(
    new RangeError(`The value of "${name}" is out of range. It must be ${range}. Received ${show(value)}`),
    'ERR_OUT_OF_RANGE',
  );
}

/** The option `signal`, checked. */
export function checkSignal(signal: unknown): AbortSignal | undefined {
  // By its methods: a signal may come from another realm, where `instanceof` fails.
  if (signal !== undefined && !isSignal(signal)) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal);
  }
  return signal as AbortSignal | undefined;
}

/** An option that is true or false, or absent. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw invalidType(name, 'of type boolean', value);
  return value === true;
}

function isSignal(signal: unknown): boolean {
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal)) return false;
  const { addEventListener, removeEventListener, throwIfAborted } = signal as Partial<AbortSignal>;
  return [addEventListener, removeEventListener, throwIfAborted].every((method) => typeof method === 'function');
}

/** Whether the value is an object that can be iterated over. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return false;
  return typeof value[Symbol.iterator] === 'function';
}

/** Checks that the value is an integer from `min` to `max`. */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} and <= ${max}`, value);
  return value;
}

export function checkMaxDescriptors(value: unknown): number | undefined {
  return value === undefined ? undefined : checkInteger('options.maxDescriptors', value, 0, 2 ** 31 - 1);
}

/** Whether an error was created here, and not thrown by a caller's own getter or iterator. */
export function isArgumentError(error: Error): boolean {
  return MADE_HERE.has(error);
}

const MADE_HERE = new WeakSet<Error>();

function coded<E extends Error>(error: E, code: string): E {
  MADE_HERE.add(error);
  return Object.assign(error, { code });
}

function received(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'function') return `function ${nameOf(() => value.name) ?? ''}`;
  if (typeof value === 'object') return `an instance of ${nameOf(() => value.constructor.name) ?? 'Object'}`;
  return `type ${typeof value} (${show(value)})`;
}

/** The name of a value; `undefined` if that is no text, or if reading it throws: the error is about the argument. */
function nameOf(read: () => unknown): string | undefined {
  try {
    const name = read();
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** A value as it stands in a message. */
export function show(value: unknown): string {
  try {
    const text = inspect(value, { depth: 0, customInspect: false });
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  } catch {
    return received(value);
  }
}
