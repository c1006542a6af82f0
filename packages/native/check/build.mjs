// Compiles the tests with the source lists and flags of sources.gypi. make compiles in parallel, and only what has changed.
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
/** The folder of everything that is built here. */
export const OUTPUT = `${PACKAGE}build/check`;
// From OUTPUT, so that a blank in the path to the repository does not confuse make.
const UP = '../..';

/** A read past a block of memory, and undefined behaviour, end the program. */
export const SANITIZED = {
  folder: 'sanitized',
  flags: '-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all',
  // The sanitizers need not check the tests themselves, which compile in a third of the time without.
  testFlags: '-O0 -g1',
};
const COUNTED = { folder: 'counted', flags: '-O0 --coverage', testFlags: '' };
/** As the addon is built. Other programs of the machine affect the figures, so they are printed and not asserted. */
const TIMED = { folder: 'timed', flags: '', testFlags: '' };
/** Where coverage is counted. */
export const COUNTS = `${OUTPUT}/${COUNTED.folder}`;

const UNSUPPORTED_TEST = 'unsupported_test.cc';
// What the BSDs and macOS share, and what needs no header of theirs.
const KINFO_TEST = 'kinfo_test.cc';
// Random texts run most lines by chance. Coverage counts only tests that are written for the lines.
const RANDOM_TEST = 'mutation_test.cc';
/** What the tests answer in place of the C library, see harness/scarcity.cc and ids_test.cc. */
export const WRAPPED = ['realloc', 'getpgid', 'getsid'].map((call) => `-Wl,--wrap=${call}`).join(' ');

/** Builds the test programs that this system can run and resolves to their names and paths. */
export async function buildTests() {
  return buildPrograms('Makefile', describe);
}

/**
 * Builds programs and resolves to their names and paths. `describeFrom` makes them of the source lists:
 * `{ name, build: { folder, flags, testFlags, compiler? }, link, sources }`. Those of the same build share objects.
 */
export async function buildPrograms(file, describeFrom) {
  const { variables } = JSON.parse(await readFile(`${PACKAGE}sources.gypi`, 'utf8'));
  const programs = await describeFrom(variables);
  await mkdir(OUTPUT, { recursive: true });
  await writeIfChanged(`${OUTPUT}/${file}`, makefile(variables, programs, file));
  // What objects depend on besides their sources. gcc writes the path of the counts into them, so a copy of the repository needs
  // its own objects.
  const inputs = [OUTPUT, process.env.CXX, variables, SANITIZED, COUNTED];
  await writeIfChanged(`${OUTPUT}/flags`, JSON.stringify(inputs));
  await make(file);
  return programs.map(({ name }) => ({ name, path: `${OUTPUT}/${name}` }));
}

/** The sources that use neither Node nor a system's interface. */
export function pureSources(variables) {
  return variables.psutil_common_sources.filter((source) => !source.startsWith('src/binding/'));
}

async function describe(variables) {
  const tests = await filesIn('check', '_test.cc');
  const harness = await filesIn('check/harness', '.cc');
  const pure = pureSources(variables);
  const unsupported = {
    name: 'unsupported',
    build: SANITIZED,
    link: '',
    sources: [
      ...pure,
      ...variables.psutil_unsupported_sources,
      ...harness.filter((source) => /\/(main|check|recorded)\.cc$/.test(source)),
      ...tests.filter((test) => test.endsWith(UNSUPPORTED_TEST)),
    ],
  };
  const kinfo = {
    name: 'kinfo',
    build: SANITIZED,
    link: '',
    sources: [
      ...pure,
      'src/platform/kinfo/members.cc',
      'src/platform/kinfo/kinfo.cc',
      ...harness.filter((source) => /\/(main|check|recorded)\.cc$/.test(source)),
      ...tests.filter((test) => test.endsWith(KINFO_TEST)),
    ],
  };
  const timing = {
    name: 'timing',
    build: TIMED,
    link: '',
    sources: ['src/platform/shared/source_planner.cc', 'check/planner_timing.cc'],
  };
  if (process.platform !== 'linux') return [unsupported, kinfo, timing];
  const sources = [...pure, ...variables.psutil_linux_sources, ...harness];
  const linux = tests.filter((test) => ![UNSUPPORTED_TEST, KINFO_TEST].some((other) => test.endsWith(other)));
  const specified = linux.filter((test) => !test.endsWith(RANDOM_TEST));
  return [
    { name: 'sanitizers', build: SANITIZED, link: WRAPPED, sources: [...sources, ...linux] },
    { name: 'coverage', build: COUNTED, link: WRAPPED, sources: [...sources, ...specified] },
    unsupported,
    kinfo,
    timing,
  ];
}

export async function filesIn(folder, end) {
  const files = (await readdir(`${PACKAGE}${folder}`)).filter((file) => file.endsWith(end));
  return files.sort().map((file) => `${folder}/${file}`);
}

function makefile(variables, programs, file) {
  const defines = variables.psutil_defines.map((define) => `-D${define}`);
  const flags = [...variables.psutil_cflags, ...defines, `-I${UP}/src`, `-I${UP}/check`, `-I${UP}/fuzz`].join(' ');
  const objects = new Map();
  const lines = [`CXX = ${process.env.CXX ?? 'c++'}`, `all: ${programs.map(({ name }) => name).join(' ')}`];
  for (const { name, build, link, sources } of programs) {
    const named = sources.map((source) => [`${build.folder}/${source.replace(/\.cc$/, '.o')}`, { source, build }]);
    for (const [object, made] of named) objects.set(object, made);
    const all = named.map(([object]) => object).join(' ');
    lines.push(`${name}: ${all}`, `\t${compilerOf(build)} ${build.flags} ${link} ${all} -o $@`);
  }
  for (const [object, { source, build }] of objects) {
    const own = `${build.flags} ${source.endsWith('_test.cc') ? build.testFlags : ''}`;
    lines.push(
      `${object}: ${UP}/${source} flags ${file}`,
      `\t@mkdir -p $(@D)`,
      `\t${compilerOf(build)} ${flags} ${own} -MMD -MP -c $< -o $@`,
    );
  }
  lines.push(`-include ${[...objects.keys()].map((object) => object.replace(/o$/, 'd')).join(' ')}`);
  return `${lines.join('\n')}\n`;
}

function compilerOf({ compiler = '$(CXX)' }) {
  return compiler;
}

async function make(file) {
  const env = { ...process.env };
  // If another make started this, its flags must not apply here.
  for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL']) delete env[name];
  const jobs = `-j${availableParallelism()}`;
  const child = spawn('make', ['-s', '-k', jobs, '-C', OUTPUT, '-f', file, 'all'], { env, stdio: 'inherit' });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error('the programs do not compile');
}

async function writeIfChanged(path, text) {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== text) await writeFile(path, text);
}
