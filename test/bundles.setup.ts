import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What is tested is what is published, also after `tsc -b` alone: bundles whose sources have changed are made again. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../packages/bundle.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
