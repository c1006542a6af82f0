// The C++ table of fields.
import { enumsOf, signatureOf, storageOf, widthOf } from './types.mjs';

export function cppTable(fields) {
  const enums = new Map(fields.flatMap(({ type }) => enumsOf(type)));
  const columns = fields.map((field) => columnsOf(field.type));
  return `\
// Generated from schema/fields.mjs by schema/generate.mjs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

enum class Field : uint8_t {
${fields.map(({ name }) => `  ${name},`).join('\n')}
};

constexpr size_t kFieldCount = ${fields.length};

// Of a field's columns the first stands at \`first\` of kColumnWidths; a variable value has one, of dictionary codes.
struct FieldRow {
  const char* name;
  const char* type;
  Storage storage;
  Integer integer;
  bool eager;  // a read of its source returns it without a request: it is cheap
  uint8_t first;
  uint8_t columns;
};

constexpr FieldRow kFields[kFieldCount] = {
${fields
  .map(({ name, type, cost }, i) => {
    const first = columns.slice(0, i).reduce((sum, widths) => sum + widths.length, 0);
    const storage = storageOf(type);
    const kind = `Storage::k${storage[0].toUpperCase()}${storage.slice(1)}`;
    return `    {"${name}", "${signatureOf(type)}", ${kind}, ${integerOf(type)}, ${cost === 'cheap'}, ${first}, ${columns[i].length}},`;
  })
  .join('\n')}
};

constexpr uint8_t kColumnWidths[] = {${columns.flat().join(', ')}};
constexpr size_t kColumnCount = sizeof(kColumnWidths);
${[...enums].map(([name, values]) => cppEnum(name, values)).join('')}
}  // namespace psutil
`;
}

const integerOf = ({ kind }) => `Integer::k${/^[iu]/.test(kind) ? kind.toUpperCase() : 'None'}`;

function columnsOf(type) {
  switch (storageOf(type)) {
    case 'fixed':
      return [widthOf(type)];
    case 'struct':
      return Object.values(type.members).map((member) => widthOf(member.type));
    default:
      return [4];
  }
}

function cppEnum(name, values) {
  return `
enum class ${name} : uint8_t {
${values.map((value) => `  ${constantOf(value)},`).join('\n')}
};
`;
}

const constantOf = (value) => `k${value.replace(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase())}`;
