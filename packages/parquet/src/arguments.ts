import { inspect } from 'node:util';

/** Errors of bad arguments: Node's own codes and wording, as those of psutil-extra. */

export function invalidType(name: string, expected: string, value: unknown): TypeError {
  return Object.assign(new TypeError(`The "${name}" argument must be ${expected}. Received ${show(value)}`), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
}

export function invalidValue(name: string, reason: string, value: unknown): TypeError {
  return Object.assign(new TypeError(`The argument '${name}' ${reason}. Received ${show(value)}`), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
}

function outOfRange(name: string, range: string, value: unknown): RangeError {
  return Object.assign(
    new RangeError(`The value of "${name}" is out of range. It must be ${range}. Received ${show(value)}`),
    { code: 'ERR_OUT_OF_RANGE' },
  );
}

/** Checks that options are an object whose names are all known. */
export function checkOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalidType('options', 'of type object', options);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const names = known.map((each) => `'${each}'`).join(', ');
    throw invalidValue('options', `has no option '${name}'; valid options are ${names}`, options);
  }
}

export function checkText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
  if (value === '' || value.includes('\0')) throw invalidValue(name, 'must not be empty or contain null bytes', value);
  return value;
}

export function checkNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!(value >= least && value <= most)) throw outOfRange(name, `>= ${least} and <= ${most}`, value);
  return value;
}

export function checkInteger(name: string, value: unknown, least: number, most: number): number {
  const number = checkNumber(name, value, least, most);
  if (!Number.isInteger(number)) throw outOfRange(name, 'an integer', value);
  return number;
}

export function checkFunction(name: string, value: unknown): unknown {
  if (value !== undefined && typeof value !== 'function') throw invalidType(name, 'of type function', value);
  return value;
}

export function checkPatterns(name: string, value: unknown): readonly RegExp[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalidType(name, 'an array of regular expressions', value);
  value.forEach((each, at) => {
    if (!(each instanceof RegExp)) throw invalidType(`${name}[${at}]`, 'an instance of RegExp', each);
  });
  return value as RegExp[];
}

export function checkSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  const { aborted, addEventListener } = Object(value) as Partial<AbortSignal>;
  if (typeof aborted !== 'boolean' || typeof addEventListener !== 'function') {
    throw invalidType('options.signal', 'an instance of AbortSignal', value);
  }
  return value as AbortSignal;
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 0, customInspect: false });
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
