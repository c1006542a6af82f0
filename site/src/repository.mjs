import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PAGES = fileURLToPath(new URL('../pages', import.meta.url));
/** What VitePress is given: the pages, what of the repository's documents they take in, and the reference. */
export const SOURCE = fileURLToPath(new URL('../build/source', import.meta.url));
export const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** What is in docs/ for those who use it. The rest is for those who change it. */
const GUIDE = new Set([
  'acting',
  'bpf',
  'bundlers',
  'clients',
  'command',
  'diagnostics',
  'errors',
  'events',
  'fields',
  'fleet',
  'fleet-scale',
  'live',
  'oneshot',
  'platforms',
  'reliability',
  'remote',
  'sampling',
  'scans',
  'security',
]);

/** Documents of the repository that are pages as they stand, and where: all of docs/, and others by name. */
export function documents() {
  const docs = readdirSync(`${ROOT}docs`)
    .filter((file) => file.endsWith('.md'))
    .sort();
  return [
    ...docs.map((file) => ({
      file: `docs/${file}`,
      page: GUIDE.has(file.replace(/\.md$/, '')) ? file : `inside/${file}`,
    })),
    { file: 'bench/results.md', page: 'inside/results.md' },
    { file: 'examples/server/README.md', page: 'recipes/server.md' },
    ...['metrics', 'parquet', 'nats'].map((name) => ({ file: `packages/${name}/README.md`, page: `${name}.md` })),
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

/** The page of the repository on its forge: as the forge says where it builds the site, or as the package does. */
export function addressOfRepository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  if (server !== undefined && name !== undefined) return `${server}/${name}`;
  /** @type {{ repository?: string | { url: string } }} */
  const { repository } = JSON.parse(read('packages/client/package.json'));
  const url = typeof repository === 'string' ? repository : repository?.url;
  return url?.replace(/^git\+/, '').replace(/\.git$/, '');
}
