import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Compiles one of the C programs in `native/`; where it then is. */
export function compile(name: 'herd' | 'floor'): string {
  const directory = folder('build');
  mkdirSync(directory, { recursive: true });
  const program = `${directory}/${name}`;
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Wextra', '-o', program, folder(`native/${name}.c`)], {
    stdio: 'inherit',
  });
  return program;
}

/** A path in the bench's own folder. */
export function folder(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
