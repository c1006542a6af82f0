import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** A terminal of a given size, in a tmux of its own, with one program in it. */
export class Terminal implements Disposable {
  readonly #server = `psutil-extra-${randomUUID()}`;

  constructor(columns: number, rows: number, command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const size = ['-x', String(columns), '-y', String(rows)];
    // A shell stays when the program has ended, and tells how.
    const program = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const variables = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
    const script = `env -u COLUMNS -u NO_COLOR -u FORCE_COLOR ${variables.join(' ')} ${program}; echo "ended with $?"; exec cat`;
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, 'sh', '-c', script);
  }

  /** What is on the screen now, a text a line. */
  screen(): string[] {
    return this.#tmux('capture-pane', '-p').trimEnd().split('\n');
  }

  /** The same with the escape sequences of its colours. */
  coloured(): string {
    return this.#tmux('capture-pane', '-p', '-e');
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
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-L', this.#server, ...args], { encoding: 'utf8' });
  }
}
