import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Spawned } from '../../processes/spawned.js';

/** Processes that come and go, and some that stand: see forker.c. All end with it. */
export class Churn implements Disposable {
  /** The PIDs of those that stand. */
  readonly standing: readonly number[];
  /** Whose children come and go. */
  readonly pid: number;
  readonly #spawned: Spawned;
  readonly #lines: AsyncIterator<string>;

  private constructor(spawned: Spawned, lines: AsyncIterator<string>, standing: readonly number[]) {
    this.pid = spawned.pid;
    this.#spawned = spawned;
    this.#lines = lines;
    this.standing = standing;
  }

  static async start(standing: number, workers: number, recycled = 0): Promise<Churn> {
    const args = [standing, workers, recycled].map(String);
    const spawned = new Spawned([program(), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (spawned.child.stdout === null) throw new Error('the forker was started without an output');
    const lines = createInterface({ input: spawned.child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error('the forker did not start');
    return new Churn(spawned, lines, first.value.trim().split(' ').filter(Boolean).map(Number));
  }

  /** Ends it; resolves with how many processes came and went. */
  async end(): Promise<number> {
    this.#spawned.child.stdin?.end();
    const last = await this.#lines.next();
    await this.#spawned.end();
    return Number(last.value);
  }

  [Symbol.dispose](): void {
    this.#spawned[Symbol.dispose]();
  }
}

let compiled: string | undefined;

/** The forker, compiled when it is first needed. */
function program(): string {
  if (compiled === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-churn-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    compiled = join(folder, 'forker');
    execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Werror', '-o', compiled, SOURCE]);
  }
  return compiled;
}

const SOURCE = fileURLToPath(new URL('forker.c', import.meta.url));
