import { readFileSync } from 'node:fs';
import { RELEASE } from '../repository.js';
import type { Binary } from './binary.js';
import { EXPORTS } from './build.js';
import { nodeApiFunctions } from './sources.js';
import type { Target } from './targets.js';

/** What a target's binary may take from outside, and give; read from `release/imports/<imports>.txt`. */
export interface Allowed {
  readonly libraries: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  /** Beyond what Node looks for. */
  readonly exports: ReadonlySet<string>;
  /** The newest version of a symbol, such as `GLIBC_2.17`; older ones of the same name are allowed too. */
  readonly newest: readonly string[];
  /** Of the imports, those that another library had in the oldest system: in a newer one their version is newer. */
  readonly moved: ReadonlySet<string>;
}

/** Where a target's list is, from the repository's folder. */
export function listOf({ imports }: Target): string {
  return `release/imports/${imports}.txt`;
}

export function allowedFor(target: Target): Allowed {
  return parseAllowed(readFileSync(`${RELEASE}imports/${target.imports}.txt`, 'utf8'), nodeApiFunctions());
}

/**
 * A line is the name of a function or variable; or `library`, `export` or `newest` and a name of that kind; or `from`, a
 * library and the name of a function that only an older system has in there.
 */
export function parseAllowed(list: string, nodeApi: readonly string[]): Allowed {
  const lines = list.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const after = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());
  const names = lines.filter((line) => line !== '' && !line.includes(' '));
  const moved = after('from').map((line) => line.split(/\s+/) as [library: string, name: string]);
  return {
    libraries: new Set([...after('library'), ...moved.map(([library]) => library)]),
    imports: new Set([...names, ...nodeApi, ...moved.map(([, name]) => name)]),
    exports: new Set([...after('export'), ...EXPORTS]),
    newest: after('newest'),
    moved: new Set(moved.map(([, name]) => name)),
  };
}

/** A sentence for each thing that a binary wants, or gives, and should not. */
export function complaintsAbout(binary: Binary, allowed: Allowed): string[] {
  const complaints = binary.libraries
    .filter((library) => !allowed.libraries.has(library))
    .map((library) => `it needs the library ${library}`);
  for (const { name, version } of binary.imports) {
    if (!allowed.imports.has(name)) complaints.push(`it imports ${name}`);
    if (version !== undefined && !allowed.newest.some((newest) => isAtMost(version, newest))) {
      complaints.push(`it imports ${name} of version ${version}`);
    }
  }
  for (const name of binary.exports) {
    if (!allowed.exports.has(name)) complaints.push(`it exports ${name}`);
  }
  for (const name of EXPORTS) {
    if (!binary.exports.includes(name)) complaints.push(`it does not export ${name}, which Node looks for`);
  }
  if (binary.signed === false) complaints.push('it is not signed, and would be killed when it is loaded');
  return complaints;
}

/** Whether a version, `GLIBC_2.2.5`, has the name of another one, and is no newer: `GLIBC_2.17`. */
function isAtMost(version: string, newest: string): boolean {
  const [name, numbers] = parsed(version);
  const [newestName, newestNumbers] = parsed(newest);
  if (name !== newestName) return false;
  const place = numbers.findIndex((number, i) => number !== newestNumbers[i]);
  return place === -1 || (numbers[place] as number) < (newestNumbers[place] ?? 0);
}

function parsed(version: string): [name: string, numbers: number[]] {
  const [name = '', numbers = ''] = version.split('_');
  return [name, numbers.split('.').map(Number)];
}
