import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Published } from './manifests.js';

/**
 * Removes what no program can load: `exports` and `bin` name the entries, and these name all other files that Node, a compiler or
 * an editor ever opens. Half of the client's declarations are of its inner files, and so are the modules that
 * `packages/bundle.mjs` has put into a file with others.
 */
export function leaveUnreachedOut(folder: string, manifest: Published): void {
  const reached = new Set<string>();
  for (const entry of entries([manifest['exports'], manifest['bin']])) reach(join(folder, entry), reached);
  for (const entry of readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (MODULE.test(file) && !reached.has(file)) rmSync(file);
  }
}

/** Every path that a part of a manifest names. */
function entries(part: unknown): string[] {
  if (typeof part === 'string') return MODULE.test(part) ? [part] : [];
  return Object.values(Object(part) as object).flatMap(entries);
}

function reach(file: string, reached: Set<string>): void {
  // JSON is kept, and a package that is imported has its own files.
  if (reached.has(file) || !existsSync(file)) return;
  reached.add(file);
  const isDeclaration = DECLARATION.test(file);
  for (const [, from, imported, required, beside] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
    const name = from ?? imported ?? required ?? `./${beside}`;
    if (!name.startsWith('.')) continue;
    reach(join(dirname(file), isDeclaration ? name.replace(/\.([cm]?)js$/, '.d.$1ts') : name), reached);
  }
}

const MODULE = /\.[cm]?[jt]s$/;
const DECLARATION = /\.d\.[cm]?ts$/;
/**
 * Of `import` and `export … from`, of a type that is imported within a declaration and a module where it is used, of `require`, and
 * of a file that a thread runs.
 */
const SPECIFIER =
  /\b(?:from|import) ?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)|\brequire\(['"]([^'"]+)['"]\)|\b__dirname, ['"]([^'"]+\.js)['"]\)/g;
