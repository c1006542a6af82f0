// Compiles the harnesses of this system's parsers: for libFuzzer if clang has it, or else with a driver of our own and any
// compiler.
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { buildPrograms, filesIn, pureSources, SANITIZED } from '../check/build.mjs';

const run = promisify(execFile);
const CLANG = process.env.CLANGXX ?? 'clang++';

/** With libFuzzer, which searches for inputs that run new lines. */
const GUIDED = {
  folder: 'guided',
  compiler: CLANG,
  flags: '-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all',
  testFlags: '',
  link: '-fsanitize=fuzzer',
};

/** More linker flags of a harness. The harness of directory listings replaces system calls. */
const LINKED = { listing: '-Wl,--wrap=syscall' };

/** Whether clang++ and its libFuzzer are here. */
export async function hasLibFuzzer() {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
  const { stdout } = await run(CLANG, [`-print-file-name=libclang_rt.fuzzer-${machine}.a`]).catch(() => ({
    stdout: '',
  }));
  return access(stdout.trim()).then(
    () => stdout !== '',
    () => false,
  );
}

/** Builds each harness in `fuzz/linux` and resolves to their names and paths. */
export async function buildHarnesses(guided) {
  const harnesses = await filesIn('fuzz/linux', '.cc');
  const built = guided ? GUIDED : SANITIZED;
  const prefix = `${built.folder}-`;
  const programs = await buildPrograms(guided ? 'Makefile.guided' : 'Makefile.driven', async (variables) => {
    const sources = [
      ...pureSources(variables),
      ...variables.psutil_linux_sources,
      ...(await filesIn('check/harness', '.cc')).filter((file) => !/\/(main|offers|scarcity)\.cc$/.test(file)),
      ...(guided ? [] : ['fuzz/driver.cc']),
    ];
    return harnesses.map((harness) => ({
      name: `${prefix}${basename(harness, '.cc')}`,
      build: built,
      link: [LINKED[basename(harness, '.cc')], guided && GUIDED.link].filter(Boolean).join(' '),
      sources: [...sources, harness],
    }));
  });
  return programs.map(({ name, path }) => ({ name: name.slice(prefix.length), path }));
}
