import { invalidType, invalidValue } from '../support/arguments.js';
import { CONTROL } from './answer-records.js';

/** The name that messages have for a host, checked. */
export function checkName(name: unknown): string {
  if (name === undefined) return 'the remote host';
  if (typeof name !== 'string') throw invalidType('options.name', 'of type string', name);
  if (name === '' || name.length > 256 || CONTROL.test(name)) {
    throw invalidValue('options.name', 'must be a printable text of at most 256 characters', name);
  }
  return name;
}
