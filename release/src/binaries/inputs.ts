import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { binaryOf, NATIVE, RELEASE } from '../repository.js';
import { TOOLS } from '../tools.js';
import { headerFolders, type Recipe, recipeFor } from './sources.js';
import type { Target } from './targets.js';

/** Whether a target's binary is there, and is made from what the sources are now. */
export function isCurrent(target: Target, inputs = inputsOf(target, recipeFor(target))): boolean {
  return existsSync(binaryOf(target)) && existsSync(stamp(target)) && readFileSync(stamp(target), 'utf8') === inputs;
}

/** Notes what a target's binary has just been made from. */
export function noteInputs(target: Target, inputs: string): void {
  writeFileSync(stamp(target), inputs);
}

function stamp(target: Target): string {
  return `${binaryOf(target)}.inputs`;
}

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
