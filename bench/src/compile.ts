import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a program is compiled with, beside warnings. */
const PROGRAMS = {
  awake: ['-pthread'],
  births: [],
  busy: [],
  cputime: [],
  empty: ['-shared', '-fPIC'],
  floor: ['-pthread'],
  herd: [],
  poll: [],
  sleeper: ['-static', '-nostdlib', '-nostartfiles'],
  tree: [],
} as const;

/** Compiles one of the C programs in `native/`; where it then is. */
export function compile(name: keyof typeof PROGRAMS): string {
  const directory = folder('build');
  mkdirSync(directory, { recursive: true });
  // Node loads an addon by its ending.
  const program = `${directory}/${name === 'empty' ? 'empty.node' : name}`;
  const args = ['-O2', '-Wall', '-Wextra', ...PROGRAMS[name], '-o', program, folder(`native/${name}.c`)];
  execFileSync(process.env['CC'] ?? 'cc', args, { stdio: 'inherit' });
  return program;
}

/** A path in the bench's own folder. */
export function folder(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
