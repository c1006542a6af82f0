// The TypeScript table that the frame's reader, the worker and the client share.
import { signatureOf, storageOf } from './types.mjs';

export function schemaTable(fields) {
  const enums = new Map();
  for (const { type } of fields) if (type.kind === 'enum') enums.set(type.name, type.values);
  return `\
// Generated from schema/fields.mjs by schema/generate.mjs.
import type { FieldRow } from './field-row.js';

export const FIELDS = [
${fields.map(rowOf).join('\n')}
] as const satisfies readonly FieldRow[];
${[...enums]
  .map(
    ([name, values]) => `
/** The values of \`${name}\` in the order of their numbers. */
export const ${plural(name)} = [${values.map((value) => `'${value}'`).join(', ')}] as const;
`,
  )
  .join('')}`;
}

function rowOf({ name, type, view, format, cost, linux, nullable = false }) {
  const parts = [
    `name: '${name}'`,
    `type: ${literalOf(type)}`,
    `signature: '${signatureOf(type)}'`,
    `storage: '${storageOf(type)}'`,
    `view: ${literalOr(view)}`,
    `format: ${literalOr(format)}`,
    `cost: '${cost}'`,
    `nullable: ${nullable}`,
    `ptrace: ${linux.ptrace ?? false}`,
  ];
  return `  { ${parts.join(', ')} },`;
}

const literalOr = (text) => (text === undefined ? 'null' : `'${text}'`);

function literalOf(type) {
  switch (type.kind) {
    case 'enum':
      return `{ kind: 'enum', values: [${type.values.map((value) => `'${value}'`).join(', ')}] }`;
    case 'list':
      return `{ kind: 'list', item: ${literalOf(type.item)} }`;
    case 'struct':
      return `{ kind: 'struct', members: [${Object.entries(type.members)
        .map(([name, member]) => `{ name: '${name}', type: ${literalOf(member.type)}, optional: ${member.optional} }`)
        .join(', ')}] }`;
    default:
      return `{ kind: '${type.kind}'${type.bigint ? ', bigint: true' : ''} }`;
  }
}

const plural = (name) => `${name.replace(/(.)([A-Z])/g, '$1_$2').toUpperCase()}S`;
