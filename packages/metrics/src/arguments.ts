import { inspect } from 'node:util';

/** Errors of bad arguments: Node's own codes and wording, with the argument's name and the value. */

export function invalidType(name: string, expected: string, value: unknown): TypeError {
  const received = value === undefined || value === null ? String(value) : `type ${typeof value} (${show(value)})`;
  return Object.assign(new TypeError(`The "${name}" argument must be ${expected}. Received ${received}`), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
}

export function invalidValue(name: string, reason: string, value: unknown): TypeError {
  return Object.assign(new TypeError(`The argument '${name}' ${reason}. Received ${show(value)}`), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
}

function outOfRange(name: string, range: string, value: unknown): RangeError {
  const text = `The value of "${name}" is out of range. It must be ${range}. Received ${show(value)}`;
  return Object.assign(new RangeError(text), { code: 'ERR_OUT_OF_RANGE' });
}

/** An integer from `min` to `max`; `absent` where there is none. */
export function checkInteger(name: string, value: unknown, absent: number, min: number, max: number): number {
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(name, `an integer >= ${min} and <= ${max}`, value);
  }
  return value;
}

/** A function, or none. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidType(name, 'of type function', value);
}

/** Checks that a value is an object, and that no name in it is one that nothing would read. */
export function checkNames(argument: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidType(argument, 'of type object', value);
  }
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const names = known.map((each) => `'${each}'`).join(', ');
    throw invalidValue(argument, `has no option '${name}'; valid options are ${names}`, value);
  }
  return value as Record<string, unknown>;
}

/** A value as it stands in a message. */
function show(value: unknown): string {
  const text = inspect(value, { depth: 1, customInspect: false, breakLength: Number.POSITIVE_INFINITY });
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 80;
