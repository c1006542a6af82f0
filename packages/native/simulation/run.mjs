// Tests the backends of other systems: `node simulation/run.mjs [system …] [--no-mutants]`. Builds each with its own headers,
// runs the suite and its own tests over its simulated kernel under sanitizers, requires a coverage of lines, and applies
// mutants.
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { build, compileForTarget, outputOf, targetsOf } from './build.mjs';
import { coverageOf, forgetRuns } from './coverage.mjs';
import { mutate } from './mutate.mjs';
import { findSystems } from './systems.mjs';
import { runTests, sanitized } from './tests.mjs';
import { findToolchain } from './toolchain.mjs';

const options = process.argv.slice(2);
const withMutants = !options.includes('--no-mutants');

try {
  const systems = await findSystems(options.filter((option) => !option.startsWith('--')));
  const toolchain = await findToolchain();
  const waiting = [...systems];
  const results = [];
  const work = async () => {
    for (let system = waiting.shift(); system !== undefined; system = waiting.shift()) {
      results.push(await prove(system, toolchain).catch((error) => ({ system, wrong: [error.message], lines: [] })));
      print(results.at(-1));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const failed = results.filter(({ wrong }) => wrong.length > 0).length;
  console.log(`\n${results.length - failed} systems passed, ${failed} failed`);
  process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function prove(system, toolchain) {
  const lines = [];
  const wrong = [];
  for (const target of targetsOf(system)) {
    await compileForTarget(system, toolchain, target);
    lines.push(`compiles for ${target}`);
  }
  const addon = await build(system, toolchain, 'sanitized');
  const counts = `${outputOf(system)}/counts`;
  await mkdir(counts, { recursive: true });
  await forgetRuns(counts);
  const tests = await runTests(system, addon, { environment: sanitized(toolchain, counts) });
  lines.push(`${tests.passed} tests passed under sanitizers`);
  if (!tests.ok) return { system, lines, wrong: [tests.output] };
  const { rows, percent, enough } = await coverageOf(system, toolchain, addon, counts);
  lines.push(`${percent.toFixed(1)} % of the backend's lines run`);
  for (const { file, missed } of rows) if (missed.length > 0) lines.push(`  ${file}: all but ${missed.join(', ')}`);
  if (!enough) wrong.push('too few lines are run');
  if (withMutants) {
    const mutants = await mutate(system, toolchain, (line) => lines.push(`  ${line}`));
    lines.push(`${mutants.count} mutants`);
    wrong.push(...mutants.wrong);
  }
  return { system, lines, wrong };
}

function print({ system, lines, wrong }) {
  console.log(`\n== ${system.name}`);
  for (const line of lines) console.log(line);
  for (const line of wrong) console.log(`!! ${line}`);
}
