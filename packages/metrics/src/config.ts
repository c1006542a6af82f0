import { invalidType, invalidValue } from './arguments.js';
import type { GroupOptions } from './options.js';
import { readGroupOptions } from './options.js';

/**
 * Reads options of `groupProcesses()` from JSON, in which a regular expression is `{ "regex": "…", "flags": "i" }`.
 *
 * @param file how it is called in messages.
 * @throws Error that names the file, and what is wrong in it.
 */
export function parseConfig(text: string, file: string): GroupOptions {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const wrong = new TypeError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
    throw Object.assign(wrong, { code: 'ERR_INVALID_ARG_VALUE' });
  }
  try {
    const options = revived(parsed, 'options') as GroupOptions;
    readGroupOptions(options);
    return options;
  } catch (error) {
    if (error instanceof Error) error.message = `${file}: ${error.message}`;
    throw error;
  }
}

/** The same value, with regular expressions. */
function revived(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((each, at) => revived(each, `${path}[${at}]`));
  if (typeof value !== 'object' || value === null) return value;
  if ('regex' in value) return pattern(value, path);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each, `${path}.${name}`)]));
}

function pattern(
  { regex, flags = '', ...others }: { readonly regex: unknown; readonly flags?: unknown },
  path: string,
): RegExp {
  if (typeof regex !== 'string') throw invalidType(`${path}.regex`, 'of type string', regex);
  if (typeof flags !== 'string') throw invalidType(`${path}.flags`, 'of type string', flags);
  const [other] = Object.keys(others);
  if (other !== undefined) throw invalidValue(path, `knows 'regex' and 'flags', and no '${other}'`, others);
  try {
    return new RegExp(regex, flags);
  } catch (error) {
    throw invalidValue(`${path}.regex`, `is no regular expression: ${(error as Error).message}`, regex);
  }
}
