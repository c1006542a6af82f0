// Every system that can be simulated: each folder here with a `system.mjs`.
import { access, readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
export const SIMULATION = fileURLToPath(new URL('.', import.meta.url));
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** The systems of these names, or all. Each has its lists of sources, relative to the package. */
export async function findSystems(names = []) {
  const { variables } = JSON.parse(await readFile(`${PACKAGE}sources.gypi`, 'utf8'));
  const found = [];
  for (const folder of (await readdir(SIMULATION)).sort()) {
    const file = new URL(`${folder}/system.mjs`, import.meta.url);
    if (
      !(await access(file).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const { default: system } = await import(file.href);
    found.push({ ...system, sources: sourcesOf(system, variables, await readdir(`${SIMULATION}${folder}`)) });
  }
  const unknown = names.filter((name) => !found.some((system) => system.name === name));
  if (unknown.length > 0) throw new Error(`no system is called ${unknown.join(', ')}`);
  return found.filter(({ name }) => names.length === 0 || names.includes(name));
}

function sourcesOf({ name, kqueue }, variables, files) {
  const common = variables.psutil_common_sources;
  const kernel = files.filter((file) => file.endsWith('.cc')).map((file) => `simulation/${name}/${file}`);
  return {
    /** The sources of this system and those that it shares with similar systems: its coverage is that of these. */
    backend: variables[`psutil_${name}_sources`],
    /** Compiled with the system's headers. */
    foreign: [
      ...common.filter((source) => !source.startsWith('src/binding/')),
      ...variables[`psutil_${name}_sources`],
      ...kernel,
      'simulation/kernel/errors.cc',
      'simulation/kernel/kill.cc',
      ...(kqueue ? ['simulation/kernel/kqueue.cc'] : []),
    ],
    /** Compiled with this machine's headers: they use Node, and not the system. */
    native: [
      ...common.filter((source) => source.startsWith('src/binding/')),
      'simulation/kernel/descriptors.cc',
      'simulation/kernel/table.cc',
      'simulation/kernel/control.cc',
    ],
    cflags: variables.psutil_cflags,
    defines: variables.psutil_defines.map((define) => `-D${define}`),
  };
}
