import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { NATIVE, RELEASE } from '../repository.js';
import { TOOLS } from '../tools.js';
import { headerFolders, type Recipe } from './sources.js';
import type { Target } from './targets.js';

/**
 * A hash of everything that a target's binary is made from. Times would not do: a clone has none that mean
 * anything, and a checkout there and back changes them all.
 */
export function inputsOf(target: Target, recipe: Recipe): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([target, TOOLS.zig, recipe]));
  for (const file of files()) {
    hash.update(`\0${file}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Headers count as much as sources do, and there are few enough of both to take them all. */
function files(): string[] {
  const build = ['build', 'sources', 'inputs'].map((name) => `${RELEASE}dist/binaries/${name}.js`);
  return [`${NATIVE}src`, `${RELEASE}native`, ...headerFolders()].flatMap(filesBelow).concat(build);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}
