// npm run prebuild -- [target…]: builds the addon for every platform that has a package, and checks each.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { binaryOf } from '../repository.js';
import { toolPath } from '../tools.js';
import { allowedFor, complaintsAbout, listOf } from './allowed.js';
import { build } from './build.js';
import { inputsOf, isCurrent, noteInputs } from './inputs.js';
import { readBinary } from './read-binary.js';
import { recipeFor } from './sources.js';
import { type Target, targetsNamed } from './targets.js';

/** The largest, those of Linux with three BPF programs, have 340 KiB. More would be something that was linked in unnoticed. */
const MOST_BYTES = 384 * 1024;

const began = performance.now();
let failed = false;
for (const target of targetsNamed(process.argv.slice(2))) {
  try {
    failed = !(await prebuild(target)) || failed;
  } catch (error) {
    failed = true;
    console.error(`${target.name}: ${(error as Error).message}`);
  }
}
console.log(`${seconds(began)} s in all`);
process.exitCode = failed ? 1 : 0;

/** Builds a target's binary if it is not up to date, checks it and prints what it is. Resolves to whether all is well. */
async function prebuild(target: Target): Promise<boolean> {
  const from = performance.now();
  const recipe = recipeFor(target);
  const inputs = inputsOf(target, recipe);
  const isBuilt = isCurrent(target, inputs);
  if (!isBuilt) {
    await build(await toolPath('zig', 'zig'), target, recipe, availableParallelism());
    noteInputs(target, inputs);
  }
  const bytes = readFileSync(binaryOf(target));
  const binary = readBinary(bytes);
  const how = isBuilt ? 'stands' : `built in ${seconds(from)} s`;
  const libraries = binary.libraries.join(', ') || 'no library';
  console.log(`${target.name.padEnd(16)} ${recipe.backend.padEnd(12)} ${kilobytes(bytes)} KiB  ${how}; ${libraries}`);
  const complaints = complaintsAbout(binary, allowedFor(target));
  if (bytes.length > MOST_BYTES) complaints.push(`it has ${bytes.length} bytes, more than ${MOST_BYTES}`);
  for (const complaint of complaints) console.error(`  ${target.name}: ${complaint}`);
  if (complaints.length > 0)
    console.error(`  What ${target.name} may need is listed, with reasons, in ${listOf(target)}.`);
  return complaints.length === 0;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function kilobytes(bytes: Buffer): string {
  return (bytes.length / 1024).toFixed(0).padStart(4);
}
