import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A wrapper that runs a program in which a system call fails with an errno: what filters of containers do. */
export class Denying implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'psutil-extra-denying-'));
  readonly #program = join(this.#folder, 'denying');

  constructor() {
    const source = fileURLToPath(new URL('denying.c', import.meta.url));
    execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-o', this.#program, source]);
    chmodSync(this.#folder, 0o755);
  }

  wrapper(call: 'pidfd_open' | 'pidfd_send_signal', errno: number): readonly string[] {
    return [this.#program, String(errno), call];
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
