// Writes what follows from the schema: `node schema/generate.mjs`, or with `--check` says which file is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cppTable } from './cpp.mjs';
import { columnTable, fieldTable, replaceSection } from './documents.mjs';
import { fields } from './fields.mjs';
import { sourceTable, withModules } from './linux.mjs';
import { linuxSources } from './linux-sources.mjs';
import { schemaTable } from './table.mjs';
import { clientTypes, enumTypes } from './typescript.mjs';

const ROOT = new URL('../../../', import.meta.url);
const NATIVE = new URL('packages/native/', ROOT);
const FIELD_NAMES = fields.map(({ name }) => name).join(', ');
const MODULES = ['src/platform/procfs/', 'src/platform/linux/sources/'];

/**
 * Every generated file, by its path from the repository's root. `before` is its present text.
 * @type {[path: string, textOf: (before: string) => string][]}
 */
const GENERATED = [
  ['packages/native/src/core/fields.generated.h', () => cppTable(fields)],
  ['packages/native/src/platform/linux/sources.generated.h', () => sourceTable(linuxSources, fields)],
  ['packages/native/sources.gypi', (before) => withModules(before, NATIVE, MODULES)],
  ['packages/native/lib/protocol/fields.generated.ts', () => schemaTable(fields)],
  ['packages/client/src/schema/enums.generated.ts', () => enumTypes(fields)],
  ['packages/client/src/schema/fields.generated.ts', () => clientTypes(fields)],
  ['docs/fields.md', (before) => replaceSection(before, 'fields', fieldTable(fields))],
  ['docs/scans.md', (before) => replaceSection(before, 'columns', columnTable(fields))],
  ['packages/client/man/psutil-extra.1', (before) => before.replace(/(?<=\.SH FIELDS\n).*/, `${FIELD_NAMES}.`)],
];

/** The files that differ from what the schema generates, with the right text. */
export function staleFiles(root = ROOT) {
  return GENERATED.flatMap(([path, textOf]) => {
    const file = new URL(path, root);
    const before = textAt(file);
    const text = textOf(before);
    return text === before ? [] : [{ path, file, text }];
  });
}

function textAt(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const stale = staleFiles();
  const isCheck = process.argv.includes('--check');
  for (const { file, path, text } of stale) {
    if (isCheck) console.error(`${path} is stale: run npm run generate`);
    else writeFileSync(file, text);
  }
  if (!isCheck) console.error(`${stale.length} written in ${relative(process.cwd(), fileURLToPath(ROOT)) || '.'}`);
  process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
}
