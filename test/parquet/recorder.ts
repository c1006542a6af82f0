import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '../processes/until.js';

/** A program that records, until SIGTERM. It writes a line for each reading that it begins. */
export class Recorder {
  readonly child: ChildProcess;
  readonly stderr: Promise<string>;
  #begun = 0;

  constructor(options: object, wrapper: readonly string[] = []) {
    const [program, ...args] = [...wrapper, process.execPath] as string[] as [string, ...string[]];
    const command = [...args, '--input-type=module', '--eval', SOURCE, '--', JSON.stringify(options)];
    this.child = spawn(program, command, { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (data: string) => {
      this.#begun += data.split('\n').length - 1;
    });
    this.stderr = text(this.child.stderr as NonNullable<ChildProcess['stderr']>);
  }

  /** How many readings it has begun. All but the last are on the disk. */
  get begun(): number {
    return this.#begun;
  }

  /** Resolves when it has begun so many, or has ended. */
  async hasBegun(count: number): Promise<void> {
    const { child } = this;
    await until(`a recorder has begun ${count} readings`, () => {
      return this.#begun >= count || child.exitCode !== null || child.signalCode !== null;
    });
  }

  /** Ends it, and says with what it has exited. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    return this.#outcome(closed);
  }

  /** Waits until it ends by itself. */
  ended(): Promise<number | NodeJS.Signals | null> {
    return this.#outcome(once(this.child, 'close'));
  }

  async #outcome(closed: Promise<unknown[]>): Promise<number | NodeJS.Signals | null> {
    const [code, by] = (await closed) as [number | null, NodeJS.Signals | null];
    return code ?? by;
  }
}

const SOURCE = `
import { writeSync } from 'node:fs';
import { createClient } from 'psutil-extra';
import { record } from '@psutil-extra/parquet';
const client = createClient({ threads: 1 });
const scan = client.scan;
client.scan = (options) => {
  if (options.pids === undefined) writeSync(1, '.\\n');
  return scan.call(client, options);
};
const end = new AbortController();
process.on('SIGTERM', () => end.abort());
const counts = await record(client, { fields: ['name', 'memory', 'cmdline'], ...JSON.parse(process.argv.at(-1)), signal: end.signal });
process.stderr.write(JSON.stringify(counts));
await client.close();
`;

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
