import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A C program of this folder, compiled. */
export class CompiledProgram implements Disposable {
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'psutil-extra-events-'));

  constructor(name: string) {
    this.path = join(this.#folder, name);
    const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
    execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-static', '-pthread', '-o', this.path, source]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
