import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A C program, compiled without libraries that it would need at its start; it is removed when it goes out of scope. */
export class CompiledProgram implements Disposable {
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'psutil-extra-program-'));

  constructor(source: URL) {
    const file = fileURLToPath(source);
    this.path = join(this.#folder, basename(file, '.c'));
    execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-static', '-pthread', '-o', this.path, file]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
