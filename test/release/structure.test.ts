import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { snippet } from '../documents/markdown.js';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const sources = ['client/src', 'worker/src', 'metrics/src', 'nats/src', 'parquet/src'].flatMap((folder) =>
  readdirSync(join(packages, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ['.ts', '.mts'].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const written = sources.filter((file) => !file.endsWith('.generated.ts'));

/** The files that each file imports, types among them: the linter rejects circles, so that a chain has an end. */
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
  return specifiers
    .map(([, specifier]) => join(dirname(file), (specifier as string).replace(/\.(m?)js$/, '.$1ts')))
    .filter((target) => sources.includes(target));
}

/** The longest chain of imports that begins at a file. The command imports the library by its name, as any program does. */
const chains = new Map<string, readonly string[]>();
function chainFrom(file: string): readonly string[] {
  const known = chains.get(file);
  if (known !== undefined) return known;
  const rest = (imports.get(file) ?? []).map(chainFrom);
  const chain = [file, ...rest.reduce((a, b) => (b.length > a.length ? b : a), [])];
  chains.set(file, chain);
  return chain;
}

describe('the sources of the packages', () => {
  test('are files of at most 300 lines, half of them under 120', () => {
    const lengths = written.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[sorted.length >> 1]).toBeLessThan(120);
  });

  test('import each other in chains of at most 14 files', () => {
    const longest = sources.map(chainFrom).reduce((a, b) => (b.length > a.length ? b : a));
    expect(longest.length, longest.map((file) => relative(packages, file)).join('\n')).toBeLessThanOrEqual(14);
  });

  test('lie in the folders whose order the architecture shows, and import only what is behind them there', () => {
    const { code } = snippet('docs/architecture.md: index → api → actions → { relatives, watch, sample, remote }');
    const order = [...(code.split('\ncli')[0] as string).matchAll(/[a-z]+/g)].map(([name]) => name);
    const client = join(packages, 'client/src');
    const folders = readdirSync(client, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...order.slice(1), 'cli'].sort());
    const folderOf = (file: string) => relative(client, file).split('/')[0] as string;
    for (const [file, targets] of imports) {
      const place = order.indexOf(folderOf(file));
      for (const target of place < 0 ? [] : targets) {
        expect(order.indexOf(folderOf(target)), `${file} imports ${target}`).toBeGreaterThanOrEqual(place);
      }
    }
  });
});
