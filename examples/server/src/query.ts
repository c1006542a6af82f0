import { FIELDS, type Field, type ProcessRow } from 'psutil-extra';

/** The query of `GET /processes`, as Fastify has checked it by {@link QUERY_SCHEMA}. */
export interface Query {
  readonly fields?: string;
  readonly name?: string;
  readonly state?: string;
  readonly user?: number;
  readonly group?: number;
  readonly umask?: string;
  readonly ignores?: string;
  readonly blocks?: string;
  readonly catches?: string;
}

const SIGNAL = { type: 'string', pattern: '^SIG[A-Z0-9+-]{1,12}$' };
const ID = { type: 'integer', minimum: 0, maximum: 0xffff_ffff };

/** `additionalProperties: false`, for a filter that is misspelt must not answer with everything. */
export const QUERY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    fields: { type: 'string', maxLength: 400 },
    name: { type: 'string', minLength: 1, maxLength: 64 },
    state: { type: 'string', pattern: '^[a-z-]{1,16}$' },
    user: ID,
    group: ID,
    umask: { type: 'string', pattern: '^[0-7]{1,4}$' },
    ignores: SIGNAL,
    blocks: SIGNAL,
    catches: SIGNAL,
  },
} as const;

/** The fields of a list such as `name,umask`. */
export function fieldsNamed(list: string | undefined, otherwise: readonly Field[]): readonly Field[] {
  if (list === undefined) return otherwise;
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'pid');
  const unknown = names.filter((name) => !FIELDS.includes(name as Field));
  if (unknown.length > 0) {
    throw Object.assign(new Error(`no such field: ${unknown.join(', ')}; there are ${FIELDS.join(', ')}`), {
      statusCode: 400,
    });
  }
  return [...new Set(names as Field[])];
}

/** A condition on rows, and the fields that it looks at. */
export interface Filter {
  readonly fields: readonly Field[];
  readonly matches: (row: ProcessRow) => boolean;
}

/** What the query wants of a row. A value that could not be read matches nothing. */
export function filterOf({ name, state, user, group, umask, ignores, blocks, catches }: Query): Filter {
  const conditions: { field: Field; matches: (row: ProcessRow) => boolean | undefined }[] = [];
  const add = (field: Field, wanted: unknown, matches: (row: ProcessRow) => boolean | undefined) => {
    if (wanted !== undefined) conditions.push({ field, matches });
  };
  add('name', name, (row) => row.name?.includes(name as string));
  add('state', state, (row) => row.state === state);
  add('uids', user, (row) => row.uids?.effective === user);
  add('groups', group, (row) => row.groups?.includes(group as number));
  add('umask', umask, (row) => row.umask === Number.parseInt(umask as string, 8));
  add('sigmasks', ignores, (row) => row.sigmasks?.ignored?.has(ignores as string));
  add('sigmasks', blocks, (row) => row.sigmasks?.blocked?.has(blocks as string));
  add('sigmasks', catches, (row) => row.sigmasks?.caught?.has(catches as string));
  return {
    fields: conditions.map(({ field }) => field),
    matches: (row) => conditions.every(({ matches }) => matches(row) === true),
  };
}
