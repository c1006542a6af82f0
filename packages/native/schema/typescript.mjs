// The client's types: what each field is as a value, and as a column.

import { docOfType } from './type-docs.mjs';
import { enumsOf } from './types.mjs';

export function clientTypes(fields) {
  return `\
// Generated from schema/fields.mjs by schema/generate.mjs.
${enumImport(fields)}
import type { Capabilities } from './capability-set.js';
import type { Connection } from './connections.js';
import type { ListColumn } from './list-column.js';
import type { Limits, ResourceName } from './limits.js';
import type { MemoryMap } from './memory-maps.js';
import type { SignalMasks } from './signal-masks.js';

export type * from './enums.generated.js';

${namedTypes(fields).join('\n')}
/**
 * Every field: its name is the method, the scan's column and the snapshot's key; its type is the value. The cost is that of a
 * read: \`cheap\`, one small file or system call a process; \`expensive\`, more than that;
 * \`may block\`, behind a lock that another process may hold.
 */
export interface FieldValues {
${fields.map(({ doc, cost, name, ...field }) => `  /** ${doc} Cost: ${cost}. */\n  ${name}: ${fieldType(field)};`).join('\n')}
}

/**
 * What \`table.column()\` returns for each field, a value a row in the order of \`table.pids\`. Units are those of
 * {@link FieldValues}.
 */
export interface Columns {
${fields.map((field) => `  /** ${columnDocOf(field)} */\n  ${field.name}: ${columnOf(field)};`).join('\n')}
}
`;
}

/** The unions that fields and their members are made of, in a file of their own, which other types import too. */
export function enumTypes(fields) {
  const texts = enumsIn(fields).map(
    ([name, values]) => `${docOfType(name)}export type ${name} = ${values.map((value) => `'${value}'`).join(' | ')};\n`,
  );
  return `// Generated from schema/fields.mjs by schema/generate.mjs.\n${texts.join('')}`;
}

function enumImport(fields) {
  const own = fields.filter(({ value }) => value === undefined);
  const names = enumsIn(own).map(([name]) => name);
  return `import type { ${names.toSorted((a, b) => (a < b ? -1 : 1)).join(', ')} } from './enums.generated.js';`;
}

/** Each once. */
function enumsIn(fields) {
  return [...new Map(fields.flatMap(({ type }) => enumsOf(type)))];
}

/** The interfaces that fields and members are made of, each once. */
function namedTypes(fields) {
  const texts = new Map();
  const visit = (type, isColumn = false) => {
    if (type.kind === 'list') return visit(type.item);
    if (type.kind !== 'struct') return;
    const members = Object.entries(type.members);
    for (const [, member] of members) visit(member.type);
    const lines = (typeOf) =>
      members.map(([name, member]) => `  /** ${member.doc} */\n  ${name}${typeOf(member)};`).join('\n');
    texts.set(
      type.name,
      `${docOfType(type.name)}export interface ${type.name} {\n${lines((m) => `${m.optional ? '?' : ''}: ${tsOf(m.type)}`)}\n}\n`,
    );
    if (!isColumn) return;
    texts.set(
      `${type.name}Column`,
      `/** {@link ${type.name}} of every row: a column for each member. Missing values are −1, or NaN in sizes. */
export interface ${type.name}Column {\n${lines((m) => `: ${arrayOf(m.type)}`)}\n}\n`,
    );
  };
  // A field with a type of its own in TypeScript needs no other.
  for (const { type, value } of fields) if (value === undefined) visit(type, true);
  return [...texts.values()];
}

function fieldType({ type, value, nullable }) {
  return `${value ?? tsOf(type)}${nullable ? ' | null' : ''}`;
}

function tsOf(type) {
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'text':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'list':
      return `${tsOf(type.item)}[]`;
    case 'enum':
    case 'struct':
      return type.name;
    default:
      return type.bigint ? 'bigint' : 'number';
  }
}

function columnOf({ type, column }) {
  if (column !== undefined) return column;
  switch (type.kind) {
    case 'text':
    case 'bytes':
    case 'enum':
    case 'bool':
      return `(${tsOf(type)} | null)[]`;
    case 'list':
      if (type.item.kind === 'struct') return `(${tsOf(type)} | null)[]`;
      return `ListColumn<${LIST_VALUES[type.item.kind] ?? arrayOf(type.item)}>`;
    case 'struct':
      return `${type.name}Column`;
    default:
      return arrayOf(type);
  }
}

/** A column of a number: of what does not fill it, −1 or NaN is a value that is missing. */
function arrayOf(type) {
  const { kind } = type;
  if (kind === 'enum' || kind === 'bool') return `(${tsOf(type)} | null)[]`;
  return kind === 'i32' ? 'Int32Array' : 'Float64Array';
}

/** In a list no value is missing. */
const LIST_VALUES = { text: 'string[]', u32: 'Uint32Array' };

const MISSING = {
  i32: '−1 where it could not be read.',
  u32: '−1 where it could not be read.',
  text: '`null` where it could not be read.',
  enum: '`null` where it could not be read.',
};

function columnDocOf({ type, columnDoc, doc }) {
  return columnDoc ?? MISSING[type.kind] ?? doc;
}
