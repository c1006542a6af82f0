// Compiles a system's backend with that system's own headers, and links it with its simulated kernel into an addon that Node
// loads here. make compiles in parallel, and only what has changed.
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { PACKAGE } from './systems.mjs';

const require = createRequire(import.meta.url);
const NODE_HEADERS = [require('node-api-headers').include_dir, dirname(require.resolve('node-addon-api'))];

/** How an addon may be built. */
export const VARIANTS = {
  /** With sanitizers, and counts of the lines that run. */
  sanitized: {
    flags: '-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer',
    counted: '-fprofile-instr-generate -fcoverage-mapping',
    link: '-shared-libasan',
  },
  /** With sanitizers, and with libFuzzer's counts of the lines that run. A program calls its functions. */
  fuzzed: {
    flags: '-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer',
    counted: '',
    link: '',
  },
  /** Fast to build, for many small changes. Without warnings, because a change may leave something unused. */
  mutant: { flags: '-O0 -w', counted: '', link: '' },
};

/** The folder of a system's builds. */
export function outputOf(system) {
  return `${PACKAGE}build/simulation/${system.name}`;
}

/**
 * Builds a variant and resolves to the addon's path. `sources` is the folder of the sources, which may be a changed copy of the
 * package.
 */
export async function build(system, toolchain, variant, sources = PACKAGE, output = outputOf(system)) {
  const { flags, counted, link } = VARIANTS[variant];
  const folder = `${output}/${variant}`;
  const own = `${flags} -fPIC -I${sources}src -I${sources}simulation -I${sources}fuzz`;
  // The addon registers itself; the simulation registers it and then itself.
  const native = [...NODE_HEADERS.map((path) => `-isystem ${path}`), '-Dnapi_register_module_v1=register_addon'];
  const objects = [
    ...system.sources.foreign.map((source) => ({
      source,
      flags: [own, counted, ...foreignFlags(system, toolchain)].join(' '),
    })),
    ...system.sources.native.map((source) => ({
      source,
      flags: [own, ...(source.startsWith('src/') ? native : native.slice(0, -1))].join(' '),
    })),
  ].map((object) => ({ ...object, path: `${folder}/${object.source.replace(/\.cc$/, '.o')}` }));
  const addon = `${folder}/psutil_extra.node`;
  const common = [...system.sources.cflags, ...system.sources.defines].join(' ').replace('-O2 ', '');
  const linked = `-shared ${flags} ${counted} ${link} ${(system.link ?? []).join(' ')}`;
  await make(folder, [
    `all: ${addon}`,
    `${addon}: ${objects.map(({ path }) => path).join(' ')}`,
    `\t@${toolchain.clang} ${linked} $^ -o $@`,
    ...objects.flatMap(({ source, path, flags: each }) => [
      `${path}: ${sources}${source} ${folder}/Makefile`,
      '\t@mkdir -p $(@D)',
      `\t@${toolchain.clang} ${common} ${each} -MMD -MP -c $< -o $@`,
    ]),
    `-include ${objects.map(({ path }) => path.replace(/o$/, 'd')).join(' ')}`,
  ]);
  return addon;
}

/** Zig's names of the real system: one, several, or none. */
export function targetsOf(system) {
  return [system.target ?? []].flat();
}

/** Compiles the backend for the real system with zig and the project's own flags. It must not warn. */
export async function compileForTarget(system, toolchain, target) {
  const folder = `${outputOf(system)}/target/${target}`;
  const sources = system.sources.foreign.filter((source) => source.startsWith('src/'));
  const objects = sources.map((source) => ({ source, path: `${folder}/${source.replace(/\.cc$/, '.o')}` }));
  const flags = [...system.sources.cflags, ...system.sources.defines, `-I${PACKAGE}src`].join(' ');
  await make(folder, [
    `all: ${objects.map(({ path }) => path).join(' ')}`,
    ...objects.flatMap(({ source, path }) => [
      `${path}: ${PACKAGE}${source} ${folder}/Makefile`,
      '\t@mkdir -p $(@D)',
      `\t@${toolchain.zig} c++ -target ${target} ${flags} -MMD -MP -c $< -o $@`,
    ]),
    `-include ${objects.map(({ path }) => path.replace(/o$/, 'd')).join(' ')}`,
  ]);
}

/** Replaces this machine's C library, and the macros that clang defines for this machine's system. */
function foreignFlags(system, toolchain) {
  const folders = [
    `${PACKAGE}simulation/headers`,
    ...toolchain.cxx,
    toolchain.builtin,
    ...system.headers.map((folder) => (folder.startsWith('/') ? folder : `${toolchain.headers}/${folder}`)),
  ];
  return [
    '-target x86_64-unknown-linux-gnu -nostdinc -nostdinc++',
    '-U__linux__ -U__linux -Ulinux -U__gnu_linux__',
    ...system.flags,
    // The rest of the addon needs this machine's.
    ...(system.kqueue ? ['-Dclose=simulated_close', '-Dfcntl=simulated_fcntl'] : []),
    ...folders.map((folder) => `-isystem ${folder}`),
  ];
}

async function make(folder, lines) {
  await mkdir(folder, { recursive: true });
  const path = `${folder}/Makefile`;
  const text = `${lines.join('\n')}\n`;
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== text) await writeFile(path, text);
  const env = { ...process.env };
  // If another make started this, its flags must not apply here.
  for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL']) delete env[name];
  const child = spawn('make', ['-s', `-j${availableParallelism()}`, '-f', path], {
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${folder} does not compile:\n${errors}`);
}
