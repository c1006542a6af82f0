// Breaks a backend on purpose, in one place at a time. A test must detect it. Each system's list is in its `mutants.mjs`:
// { file, find, replace, sentence }.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build, outputOf } from './build.mjs';
import { PACKAGE } from './systems.mjs';
import { runTests } from './tests.mjs';

/** Resolves to the failures: mutants that no test detected, and rows that no longer fit the sources. */
export async function mutate(system, toolchain, report) {
  const { default: mutants } = await import(`./${system.name}/mutants.mjs`);
  const output = `${outputOf(system)}/mutant`;
  const copy = `${output}/copy/`;
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const folder of ['src', 'simulation']) await cp(`${PACKAGE}${folder}`, `${copy}${folder}`, { recursive: true });
  const wrong = [];
  // Tests that fail with the unchanged copy prove nothing.
  if (!(await lives(system, toolchain, copy, output))) return { count: 0, wrong: ['the tests fail unprovoked'] };
  for (const { file, find, replace, sentence } of mutants) {
    const path = `${copy}${file}`;
    const source = await readFile(path, 'utf8');
    if (source.split(find).length !== 2) {
      wrong.push(`${sentence}: ${file} does not have ${JSON.stringify(find)} once`);
      continue;
    }
    await writeFile(
      path,
      source.replace(find, () => replace),
    );
    // A mutant that does not compile proves nothing.
    const complaint = await lives(system, toolchain, copy, output).then(
      (lived) => (lived ? 'no test noticed' : undefined),
      (error) => error.message,
    );
    await writeFile(path, source);
    report(`${complaint === undefined ? 'noticed' : 'LIVED  '} ${sentence}`);
    if (complaint !== undefined) wrong.push(`${sentence} (${file}): ${complaint}`);
  }
  if (mutants.length === 0) wrong.push('there is no mutant');
  return { count: mutants.length, wrong };
}

async function lives(system, toolchain, copy, output) {
  const addon = await build(system, toolchain, 'mutant', copy, output);
  const { ok } = await runTests(system, addon, { options: ['--bail', '1'] });
  return ok;
}
