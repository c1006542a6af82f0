import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A block of code in a document. */
export interface Snippet {
  /** Where it stands: `README.md:25`. */
  readonly at: string;
  /** The document and the block's first line, which stays when lines are added above it. */
  readonly key: string;
  /** The document, by its path. */
  readonly file: string;
  readonly language: string;
  readonly code: string;
}

/** Every Markdown file of the repository that is written by hand, by its path. */
export function documents(): string[] {
  return within('').sort();
}

export function read(file: string): string {
  return readFileSync(ROOT + file, 'utf8');
}

/** All fenced blocks of a text: of any language, indented, with tildes, in a quotation or with words behind the language. */
export function snippetsIn(file: string, text: string): Snippet[] {
  const found: Snippet[] = [];
  let fence: string | undefined;
  let language = '';
  let begins = 0;
  const lines = text.split('\n');
  lines.forEach((line, i) => {
    const [, marks = '', info = ''] = FENCE.exec(line) ?? [];
    if (fence === undefined && marks !== '') {
      fence = marks;
      language = info.trim().split(/[\s{]/)[0] as string;
      begins = i + 1;
    } else if (fence !== undefined && marks.startsWith(fence) && info.trim() === '') {
      fence = undefined;
      const code = `${lines.slice(begins, i).join('\n')}\n`;
      found.push({ at: `${file}:${begins}`, key: `${file}: ${lines[begins]?.trim()}`, file, language, code });
    }
  });
  if (fence !== undefined) throw new Error(`${file}:${begins} begins a block that nothing ends`);
  return found;
}

export function snippetsOf(file: string): Snippet[] {
  return snippetsIn(file, read(file));
}

/** The one block with this key. */
export function snippet(key: string): Snippet {
  const [file = ''] = key.split(': ', 1);
  const [found, another] = snippetsOf(file).filter((each) => each.key === key);
  if (found === undefined || another !== undefined) throw new Error(`${file} has not one block that begins so: ${key}`);
  return found;
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

/** A shell's commands, one a line, without what is said of them. */
export function commandsIn(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '');
}

const FENCE = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
/** What is made by tools, or comes from elsewhere. */
const NOT_WRITTEN = new Set(['node_modules', 'dist', 'build', 'coverage', 'tarballs']);

function within(folder: string): string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || NOT_WRITTEN.has(entry.name)) return [];
    const path = folder + entry.name;
    if (entry.isDirectory()) return within(`${path}/`);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replaceAll('\\|', '|').trim());
}
