import { types } from 'node:util';
import { invalidType, invalidValue, show } from './arguments.js';
import { didYouMean } from './nearest.js';

/**
 * Checks that `options` is an object whose names are all known. A list, a signal or a promise is rejected: it would
 * otherwise pass for an object without options.
 */
export function checkOptions(options: object, known: readonly string[], argument = 'options'): void {
  if (typeof options !== 'object' || options === null) throw invalidType(argument, 'of type object', options);
  if (isNoOptions(options)) {
    throw invalidType(argument, `an object with options such as '${known[0]}'`, options);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const names = known.map((each) => `'${each}'`).join(', ');
    const valid = known.length === 1 ? `the valid option is ${names}` : `valid options are ${names}`;
    throw invalidValue(argument, `has no option ${show(name)}${didYouMean(name, known)}; ${valid}`, options);
  }
}

function isNoOptions(options: object): boolean {
  return (
    Symbol.iterator in options ||
    'then' in options ||
    'aborted' in options ||
    types.isDate(options) ||
    types.isRegExp(options) ||
    types.isNativeError(options) ||
    types.isAnyArrayBuffer(options)
  );
}
