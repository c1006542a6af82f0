// The backends of systems that are not here, each over its simulated kernel: see ../simulation/README.md.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build, outputOf } from '../simulation/build.mjs';
import { findSystems, PACKAGE } from '../simulation/systems.mjs';
import { findToolchain } from '../simulation/toolchain.mjs';

const run = promisify(execFile);

/** The calls whose results are damaged, on the systems that have them. */
const DAMAGED = { sysctl: (name) => name !== 'illumos', read: (name) => name === 'illumos' || name === 'dragonfly' };

/** Builds a harness for each system and resolves to their names and paths. */
export async function buildSystems() {
  const systems = await findSystems();
  const toolchain = await findToolchain();
  const harnesses = [];
  for (const system of systems) harnesses.push(await buildSystem(system, toolchain));
  return harnesses;
}

async function buildSystem(system, toolchain) {
  const damaged = Object.keys(DAMAGED).filter((call) => DAMAGED[call](system.name));
  const fuzzed = {
    ...system,
    link: [
      ...(system.link ?? []),
      ...damaged.map((call) => `-Wl,--wrap=${call}`),
      // Some systems' headers export what they declare. The program must not take these symbols for those of its own C library.
      `-Wl,--version-script=${PACKAGE}fuzz/systems/exports.map`,
    ],
    sources: {
      ...system.sources,
      native: [
        'simulation/kernel/descriptors.cc',
        'simulation/kernel/table.cc',
        'fuzz/systems/backend.cc',
        ...damaged.map((call) => `fuzz/systems/damaged_${call}.cc`),
      ],
    },
  };
  const library = await build(fuzzed, toolchain, 'fuzzed');
  const path = `${outputOf(system)}/fuzzed/harness`;
  const main = `${PACKAGE}fuzz/systems/main.cc`;
  await run(toolchain.clang, ['-fsanitize=fuzzer,address,undefined', '-O1', '-g', main, library, '-o', path]);
  return { name: system.name, path };
}
