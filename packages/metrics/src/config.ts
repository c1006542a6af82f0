import { checkNames, invalidType, invalidValue } from './arguments.js';
import { COMMON_SECRETS } from './labels.js';
import type { GroupOptions } from './options.js';
import { NAMES, readGroupOptions } from './options.js';

/**
 * Reads options of `groupProcesses()` from JSON. There a regular expression is `{ "regex": "…", "flags": "i" }`, and in the list
 * `redact` the text `"COMMON_SECRETS"` stands for these patterns. `onError` cannot be there.
 *
 * @param text what the file has in it.
 * @param file how the file is called in messages.
 * @throws TypeError or RangeError that names the file, and what is wrong in it.
 */
export function parseConfig(text: string, file: string): GroupOptions {
  const parsed = parse(text, file);
  try {
    const options = readOptions(parsed);
    readGroupOptions(options);
    return options;
  } catch (error) {
    if (error instanceof Error) error.message = `${file}: ${error.message}`;
    throw error;
  }
}

function parse(text: string, file: string): unknown {
  // Some editors put a mark in front, which is no JSON.
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') throw wrongFile(`${file} is empty: it must have a JSON object, such as {}`);
  try {
    return JSON.parse(json);
  } catch (error) {
    const { message } = error as Error;
    throw wrongFile(`${file} is not JSON: ${placed(message, json)}${hintOf(message)}`, error);
  }
}

function wrongFile(message: string, cause?: unknown): TypeError {
  return Object.assign(new TypeError(message, { cause }), { code: 'ERR_INVALID_ARG_VALUE' });
}

/** Versions of Node before 22 count characters only, which no editor shows. */
function placed(message: string, json: string): string {
  const [, position] = /at position (\d+)$/.exec(message) ?? [];
  if (position === undefined) return message;
  const lines = json.slice(0, Number(position)).split('\n');
  return `${message} (line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1})`;
}

/** Regular expressions have many backslashes. */
function hintOf(message: string): string {
  return message.includes('escaped character') ? '; in JSON a backslash is written twice' : '';
}

function readOptions(parsed: unknown): GroupOptions {
  // A function is not in JSON.
  const known = NAMES.filter((name) => name !== 'onError');
  const options = { ...checkNames('options', parsed, known) };
  const { groupBy, redact } = options;
  if (Array.isArray(groupBy)) options['groupBy'] = groupBy.map((rule, at) => readRule(rule, `options.groupBy[${at}]`));
  if (redact !== undefined) options['redact'] = readRedact(redact);
  return options;
}

/** The same rule, with regular expressions. What else may be wrong in it, is wrong in a program too. */
function readRule(rule: unknown, path: string): unknown {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return rule;
  return Object.fromEntries(
    Object.entries(rule).map(([name, condition]: [string, unknown]) => {
      if (!Array.isArray(condition)) return [name, readText(condition, `${path}.${name}`)];
      return [name, condition.map((each, at) => readText(each, `${path}.${name}[${at}]`))];
    }),
  );
}

function readText(text: unknown, path: string): unknown {
  return typeof text === 'object' && text !== null && !Array.isArray(text) ? pattern(text, path) : text;
}

function readRedact(redact: unknown): RegExp[] {
  const expected = `a list of { "regex": "…" } and "${COMMON}"`;
  if (!Array.isArray(redact)) throw invalidType('options.redact', expected, redact);
  return redact.flatMap((each: unknown, at) => {
    if (each === COMMON) return COMMON_SECRETS;
    if (typeof each !== 'object' || each === null) throw invalidType('options.redact', expected, redact);
    return pattern(each, `options.redact[${at}]`);
  });
}

function pattern(value: object, path: string): RegExp {
  const { regex, flags = '', ...others } = value as { readonly regex?: unknown; readonly flags?: unknown };
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw invalidValue(path, `has no option '${other}'; valid options are 'regex', 'flags'`, value);
  if (typeof regex !== 'string') throw invalidType(`${path}.regex`, 'of type string', regex);
  if (typeof flags !== 'string') throw invalidType(`${path}.flags`, 'of type string', flags);
  try {
    return new RegExp(regex, flags);
  } catch (error) {
    throw invalidValue(`${path}.regex`, `is no regular expression: ${(error as Error).message}`, regex);
  }
}

/** As the patterns are called in a program. */
const COMMON = 'COMMON_SECRETS';
