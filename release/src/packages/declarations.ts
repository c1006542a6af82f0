import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Published } from './manifests.js';

/**
 * Removes the declarations that no program can import: `exports` names the entries, and these name all others that a compiler
 * or an editor ever opens. Half of the client's are of its inner files.
 */
export function leaveDeclarationsOut(folder: string, manifest: Published): void {
  const reached = new Set<string>();
  for (const entry of entries(manifest['exports'])) reach(join(folder, entry), reached);
  for (const entry of readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (DECLARATION.test(file) && !reached.has(file)) rmSync(file);
  }
}

/** Every path that a part of `exports` names. */
function entries(part: unknown): string[] {
  if (typeof part === 'string') return DECLARATION.test(part) ? [part] : [];
  return Object.values(Object(part) as object).flatMap(entries);
}

function reach(file: string, reached: Set<string>): void {
  // JSON has no declaration, and a package that is imported has its own.
  if (reached.has(file) || !existsSync(file)) return;
  reached.add(file);
  for (const [, from, imported] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
    const name = (from ?? imported) as string;
    if (name.startsWith('.')) reach(join(dirname(file), name.replace(/\.([cm]?)js$/, '.d.$1ts')), reached);
  }
}

const DECLARATION = /\.d\.[cm]?ts$/;
/** Of `import` and `export … from`, and of a type that is imported within a declaration. */
const SPECIFIER = /\b(?:from|import) ?'([^']+)'|\bimport\('([^']+)'\)/g;
