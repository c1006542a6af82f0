import { types } from 'node:util';
import { FIELD_INDEX, FieldSet, type Frame } from '@psutil-extra/native/protocol';
import type { Connection } from '../schema/connections.js';
import { rowValue } from '../schema/decode.js';
import { failureIn } from '../schema/field-source.js';
import { checkInteger, invalidType, invalidValue } from '../support/arguments.js';
import { checkOptions } from '../support/check-options.js';

/** What `find()` looks for: processes that match all of what is given. A string matches a whole text, a RegExp a part of it. */
export interface Criteria {
  /** The field `name`. Linux keeps 15 bytes of it. */
  readonly name?: string | RegExp | undefined;
  /** The field `cmdline`, its arguments joined by spaces. */
  readonly cmdline?: string | RegExp | undefined;
  /** The field `username`. */
  readonly user?: string | RegExp | undefined;
  /** The local port of one of its sockets, of any protocol, be it listening or connected. */
  readonly port?: number | undefined;
}

/** @internal Fields, and whether a process matches by them. */
export interface Test {
  readonly fields: FieldSet;
  readonly matches: (frame: Frame, row: number) => boolean;
}

/** @internal The tests of criteria: those that are cheap to make, and those for processes that have passed them. */
export function testsOf(criteria: unknown): { readonly cheap: Test[]; readonly expensive: Test[] } {
  checkOptions(criteria as object, KNOWN, 'criteria');
  const { name, cmdline, user, port } = criteria as Criteria;
  const cheap: Test[] = [];
  const expensive: Test[] = [];
  if (name !== undefined) cheap.push(textTest('name', name, FIELD_INDEX.name));
  if (user !== undefined) cheap.push(textTest('user', user, FIELD_INDEX.username));
  if (cmdline !== undefined) expensive.push(textTest('cmdline', cmdline, FIELD_INDEX.cmdline));
  if (port !== undefined) expensive.push(portTest(checkInteger('criteria.port', port, 1, 65535)));
  if (cheap.length + expensive.length === 0) {
    // An option that is undefined by mistake must not make every process match.
    throw invalidValue('criteria', `must have one of ${KNOWN.join(', ')}`, criteria);
  }
  return { cheap, expensive };
}

function textTest(key: string, wanted: unknown, field: number): Test {
  const isMatch = matcher(`criteria.${key}`, wanted);
  return fieldTest(field, (value) => isMatch(Array.isArray(value) ? value.join(' ') : (value as string)));
}

function portTest(port: number): Test {
  return fieldTest(FIELD_INDEX.connections, (value) =>
    (value as Connection[]).some(({ local }) => typeof local === 'object' && local?.port === port),
  );
}

/** Of a process whose field cannot be read, it is not known that it matches. */
function fieldTest(field: number, isMatch: (value: unknown) => boolean): Test {
  return {
    fields: FieldSet.of(field),
    matches: (frame, row) => {
      if (failureIn(frame, row, field) !== undefined) return false;
      const value = rowValue(field, frame, row);
      return value !== null && isMatch(value);
    },
  };
}

function matcher(name: string, wanted: unknown): (text: string) => boolean {
  if (typeof wanted === 'string') return (text) => text === wanted;
  if (!types.isRegExp(wanted)) throw invalidType(name, 'of type string or an instance of RegExp', wanted);
  // One of its own: with the flags g and y a RegExp has a position, and the caller's must stay where it is.
  const regExp = new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, ''));
  return (text) => regExp.test(text);
}

const KNOWN = ['name', 'cmdline', 'user', 'port'] as const satisfies readonly (keyof Criteria)[];
