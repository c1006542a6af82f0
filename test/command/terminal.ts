import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** A terminal of a given size, in a tmux of its own, with one program in it. */
export class Terminal implements Disposable {
  readonly #server = `psutil-extra-${randomUUID()}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'psutil-extra-terminal-'));
  readonly #drawn = join(this.#folder, 'drawn');

  constructor(columns: number, rows: number, command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const size = ['-x', String(columns), '-y', String(rows)];
    // A shell stays when the program has ended, and prints its exit code.
    const program = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const variables = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
    // It begins when all that it draws is written down.
    const begun = `until [ -e '${this.#drawn}' ]; do sleep 0.01; done`;
    const script = `${begun}; env -u COLUMNS -u NO_COLOR -u FORCE_COLOR ${variables.join(' ')} ${program}; echo "ended with $?"; exec cat`;
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, 'sh', '-c', script);
    this.#tmux('pipe-pane', '-O', `exec cat >'${this.#drawn}'`);
  }

  /** What is on the screen now, a text a line. */
  screen(): string[] {
    return this.#tmux('capture-pane', '-p').trimEnd().split('\n');
  }

  /** The same with the escape sequences of its colours. */
  coloured(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** Whether a line was ever drawn, though it has been drawn over since. */
  hasDrawn(line: RegExp): boolean {
    return stripVTControlCharacters(existsSync(this.#drawn) ? readFileSync(this.#drawn, 'utf8') : '')
      .split(/[\r\n]+/)
      .some((each) => line.test(each));
  }

  /** Presses keys, by tmux's names for them. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  [Symbol.dispose](): void {
    this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true });
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...args], { encoding: 'utf8' });
  }
}
