import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PAGES = fileURLToPath(new URL('../pages', import.meta.url));
/** What VitePress is given: the pages, what of the repository's documents they take in, and the reference. */
export const SOURCE = fileURLToPath(new URL('../build/source', import.meta.url));
export const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Documents of the repository that are pages as they stand, and where: all of docs/, and others by name. */
export function documents() {
  const docs = readdirSync(`${ROOT}docs`)
    .filter((file) => file.endsWith('.md'))
    .sort();
  return [
    ...docs.map((file) => ({ file: `docs/${file}`, page: `inside/${file}` })),
    { file: 'bench/results.md', page: 'inside/results.md' },
    { file: 'examples/server/README.md', page: 'recipes/server.md' },
    { file: 'CONTRIBUTING.md', page: 'inside/contributing.md' },
  ];
}

/** @param {string} file a path in the repository */
export function read(file) {
  return readFileSync(ROOT + file, 'utf8');
}

/** @param {string} text */
export function titleOf(text) {
  return /^# (.+)$/m.exec(text)?.[1] ?? '';
}
