// The logical types of fields. Each has one writer (src/core/table_builder.h), one decoder and one column
// (lib/protocol), and one formatter (the command).

/** @typedef {{ kind: 'bool' | 'i32' | 'u32' | 'i64' | 'u64' | 'f64' | 'text' | 'bytes' }} SimpleType */
/** @typedef {{ kind: 'enum', name: string, values: readonly string[] }} EnumType */
/** @typedef {{ kind: 'list', item: Type }} ListType */
/** @typedef {{ kind: 'struct', name: string, members: Record<string, Member> }} StructType */
/** @typedef {{ type: Type, optional: boolean, doc: string }} Member */
/** @typedef {SimpleType | EnumType | ListType | StructType} Type */

export const bool = { kind: 'bool' };
export const i32 = { kind: 'i32' };
export const u32 = { kind: 'u32' };
export const i64 = { kind: 'i64' };
export const u64 = { kind: 'u64' };
export const f64 = { kind: 'f64' };
/** As u64; a bigint for the client. */
export const bigint = { kind: 'u64', bigint: true };
export const text = { kind: 'text' };
export const bytes = { kind: 'bytes' };

/** A number of one byte that means a word. `name` is the enum's name in C++. */
export const enumeration = (name, values) => ({ kind: 'enum', name, values });

export const list = (item) => ({ kind: 'list', item });

/** `name` is its TypeScript type. Members in the order in which they are stored: `{ name: [type, documentation] }`. */
export const struct = (name, members) => ({
  kind: 'struct',
  name,
  members: Object.fromEntries(
    Object.entries(members).map(([member, [type, doc, optional = false]]) => [member, { type, doc, optional }]),
  ),
});

const WIDTHS = { bool: 1, enum: 1, i32: 4, u32: 4, i64: 8, u64: 8, f64: 8 };

/** The size in bytes of a value of fixed size; `undefined` for others. */
export const widthOf = ({ kind }) => WIDTHS[kind];

/**
 * How a column of a type is stored: `fixed` numbers, a `struct` of such columns, or `variable` bytes, of which a
 * dictionary holds each distinct value once.
 */
export function storageOf(type) {
  if (widthOf(type) !== undefined) return 'fixed';
  const isTable =
    type.kind === 'struct' && Object.values(type.members).every((member) => widthOf(member.type) !== undefined);
  return isTable ? 'struct' : 'variable';
}

/** A type in one line, by which an addon and this package compare their tables: `struct{real:u32,saved:u32}`. */
export function signatureOf(type) {
  switch (type.kind) {
    case 'enum':
      return `enum(${type.values.join('|')})`;
    case 'list':
      return `list<${signatureOf(type.item)}>`;
    case 'struct':
      return `struct{${Object.entries(type.members)
        .map(([name, member]) => `${name}${member.optional ? '?' : ''}:${signatureOf(member.type)}`)
        .join(',')}}`;
    default:
      return type.kind;
  }
}

/** The enums that a type has in it, by name. */
export function enumsOf(type) {
  switch (type.kind) {
    case 'enum':
      return [[type.name, type.values]];
    case 'list':
      return enumsOf(type.item);
    case 'struct':
      return Object.values(type.members).flatMap((member) => enumsOf(member.type));
    default:
      return [];
  }
}
