// The C++ table of the sources on Linux, and the list of their modules.
import { readdirSync } from 'node:fs';

const KINDS = new Set(['file', 'directory', 'call', 'all']);
const ARGUMENTS = { file: ', std::string_view text', directory: ', int directory', call: '' };

export function sourceTable(sources, fields) {
  check(sources, fields);
  return `\
// Generated from schema/linux-sources.mjs and fields.mjs by schema/generate.mjs.
// source_table.h includes it, which has the types.
#pragma once

namespace psutil {

// A source's position in the table, its bit in a SourceSet, and its place in SourceCounts.
enum class Source : uint8_t {
${sources.map(({ name }) => `  ${constantOf(name)},`).join('\n')}
};

${sources.map(declarationOf).join('')}
constexpr ProcessSource kSources[] = {
${sources.map((source) => rowOf(source, fields)).join('\n')}
};

}  // namespace psutil
`;
}

/** Rejects a schema that the table cannot hold, with a clearer error than the compiler's. */
function check(sources, fields) {
  const names = new Set(sources.map(({ name }) => name));
  for (const { name, kind } of sources) if (!KINDS.has(kind)) throw new Error(`source ${name}: no kind ${kind}`);
  for (const { name, linux } of fields) {
    const unknown = linux.sources.filter((source) => !names.has(source));
    if (unknown.length > 0) throw new Error(`field ${name}: no source ${unknown.join(', ')} in linux-sources.mjs`);
  }
}

function declarationOf({ name, kind }) {
  if (kind === 'all') return '';
  return `Failure ${functionOf(name)}(OpenProcess& row${ARGUMENTS[kind]});\n`;
}

function rowOf({ name, kind, cost, absent = 0, blocks = false }, fields) {
  const provided = fields
    .filter(({ linux }) => linux.sources.includes(name))
    .map((field) => `bit(Field::${field.name})`);
  const put = ['file', 'directory', 'call'].map((each) => (kind === each ? functionOf(name) : 'nullptr'));
  const kindOf = `SourceKind::k${kind[0].toUpperCase()}${kind.slice(1)}`;
  const scope = `SourceScope::${kind === 'all' ? 'kAll' : 'kProcess'}`;
  return `\
    {{"${name}",
      ${provided.join(' | ') || '0'},
      ${cost}, ${kind === 'call'}, ${scope}}, ${kindOf}, ${put.join(', ')}, ${absent}, ${blocks}},`;
}

const wordsOf = (name) => name.split(/[^a-z0-9]+/i);
const constantOf = (name) =>
  `k${wordsOf(name)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('')}`;
const functionOf = (name) => `put_${wordsOf(name).join('_')}`;

/** sources.gypi with the present files of these folders. Other builds read it as JSON, so it cannot list a folder itself. */
export function withModules(gypi, native, folders) {
  return folders.reduce((text, folder) => {
    const files = readdirSync(new URL(folder, native)).filter((file) => file.endsWith('.cc'));
    const lines = files.sort().map((file) => `      "${folder}${file}",\n`);
    // They stand together.
    return text.replace(new RegExp(`(?: *"${folder}[^"/]*\\.cc",\\n)+`), lines.join(''));
  }, gypi);
}
