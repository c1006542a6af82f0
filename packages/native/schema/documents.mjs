// The tables of fields and of columns in docs/.
import { storageOf } from './types.mjs';

export function fieldTable(fields) {
  return `\
| field | value | cost | on Linux from |
| --- | --- | --- | --- |
${fields.map(({ name, readme, cost, linux }) => `| \`${name}\` | ${cell(readme)} | ${cost} | ${cell(linux.doc)} |`).join('\n')}
`;
}

/** What each column is. Fields of the same kind of column share a line. */
export function columnTable(fields) {
  const names = new Map();
  for (const field of fields) {
    const column = VIEW_COLUMNS[field.view] ?? typeColumn(field.type);
    names.set(column, [...(names.get(column) ?? []), `\`${field.name}\``]);
  }
  return `\
| column | is |
| --- | --- |
${[...names].map(([column, each]) => `| ${each.join(', ')} | ${column} |`).join('\n')}
`;
}

const VIEW_COLUMNS = {
  time: '`Float64Array`, NaN where it could not be read',
  signalMasks: '`{ pending, blocked, … }`, each a `BigUint64Array` of masks',
  limits: '`{ RLIMIT_NOFILE: { soft, hard }, … }`, each a `Float64Array`, NaN where it could not be read',
};

function typeColumn(type) {
  switch (type.kind) {
    case 'i32':
      return '`Int32Array`, −1 where it could not be read';
    case 'u32':
      return '`Float64Array`, −1 where it could not be read';
    case 'i64':
    case 'u64':
    case 'f64':
      return '`Float64Array`, NaN where it could not be read';
    case 'text':
    case 'enum':
      return 'an array of strings and `null`';
    case 'list':
      if (type.item.kind === 'struct') return 'an array of lists and `null`';
      return '`{ offsets, values }`: those of row `i` are `values` from `offsets[i]` up to `offsets[i + 1]`';
    case 'struct':
      if (storageOf(type) === 'struct')
        return `\`{ ${Object.keys(type.members).join(', ')} }\`, each a \`Float64Array\``;
      return 'an array of objects and `null`';
    default:
      return 'an array of values and `null`';
  }
}

const cell = (text) => text.replaceAll('|', '\\|');

/** Puts a text between the comments that name a section. */
export function replaceSection(document, section, text) {
  const begin = `<!-- ${section}: generated from packages/native/schema -->\n`;
  const end = `<!-- end of ${section} -->\n`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`there is no section ${section} in this document`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
