import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A block of code in a document. */
export interface Snippet {
  /** Where it stands: `README.md:25`. */
  readonly at: string;
  readonly language: string;
  readonly code: string;
}

/** The READMEs, CONTRIBUTING, all of docs/ and the pages of the site, by their paths. */
export function documents(): string[] {
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' });
  const packages = readdirSync(`${ROOT}packages`).map((name) => `packages/${name}/README.md`);
  const pages = readdirSync(`${ROOT}site/pages`, { recursive: true, encoding: 'utf8' });
  const markdown = [...docs.map((file) => `docs/${file}`), ...pages.map((file) => `site/pages/${file}`)];
  const others = ['README.md', 'CONTRIBUTING.md', 'examples/server/README.md', ...packages];
  return [...others, ...markdown.filter((file) => file.endsWith('.md'))];
}

export function read(file: string): string {
  return readFileSync(ROOT + file, 'utf8');
}

export function snippetsOf(file: string): Snippet[] {
  const text = read(file);
  return Array.from(text.matchAll(/^```(\w*)\n(.*?)^```$/gms), ({ 1: language = '', 2: code = '', index }) => ({
    at: `${file}:${text.slice(0, index).split('\n').length + 1}`,
    language,
    code,
  }));
}

/** The rows of the table with this head, cells in their order. */
export function tableOf(file: string, head: readonly string[]): string[][] {
  const lines = read(file).split('\n');
  const first = lines.findIndex((line) => cellsOf(line).join() === head.join());
  if (first < 0) throw new Error(`${file} has no table of ${head.join(', ')}`);
  const rows = lines.slice(first + 2);
  const length = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, length).map(cellsOf);
}

/** What stands in backticks. */
export function codeIn(text: string): string[] {
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
