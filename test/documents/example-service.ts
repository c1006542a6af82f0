import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

let started = 0;

/**
 * What the documents' examples are about: a program that is called nginx, is started as server.js, listens on port 8080, has a
 * file open and has started another program. Name, file and port are others in each test, so that tests can run beside each
 * other.
 */
export class ExampleService implements AsyncDisposable {
  /** Of the 15 bytes that Linux keeps. */
  readonly name: string;
  readonly cmdline: readonly [program: string, file: string];
  readonly port: number;
  /** The PID of the program that it has started. */
  readonly child: number;
  readonly #program: Spawned;

  private constructor(program: Spawned, facts: Pick<ExampleService, 'name' | 'cmdline' | 'port' | 'child'>) {
    this.#program = program;
    this.name = facts.name;
    this.cmdline = facts.cmdline;
    this.port = facts.port;
    this.child = facts.child;
  }

  static async start(folder: string): Promise<ExampleService> {
    const name = `nginx-${process.pid % 10 ** 6}-${started++}`.slice(0, 15);
    const cmdline = [join(folder, name), `${name}-server.cjs`] as const;
    await writeFile(join(folder, cmdline[1]), programOf(name));
    await link(await nodeIn(folder), cmdline[0]);
    const program = new Spawned(cmdline, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(program.child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const [port, child] = JSON.parse(String(line)) as [number, number];
    return new ExampleService(program, { name, cmdline, port, child });
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** An example about this service in place of the one in the text. */
  about(code: string): string {
    return code
      .replaceAll('nginx', this.name)
      .replaceAll('server\\.js', this.cmdline[1].replace('.', '\\.'))
      .replaceAll('8080', String(this.port));
  }

  /** Output as it would be of any other. */
  general(output: string): string {
    return output
      .replaceAll(this.cmdline[0], 'nginx')
      .replaceAll(this.cmdline[1], 'server.js')
      .replaceAll(this.name, 'nginx')
      .replaceAll(new RegExp(`\\b${this.pid}\\b`, 'g'), 'PID')
      .replaceAll(new RegExp(`\\b${this.port}\\b`, 'g'), '8080');
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    await until('the service has ended', () => !this.#program.running);
  }

  /** Its program in turn ends with the pipe between them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end();
  }
}

/** Node.js as a file of this folder, which can have more names: some programs are called by that of their file. */
async function nodeIn(folder: string): Promise<string> {
  const path = join(folder, 'node');
  // Another user's file may not be linked, nor one of another file system.
  if (!existsSync(path)) await link(process.execPath, path).catch(() => copyFile(process.execPath, path));
  return path;
}

function programOf(name: string): string {
  return `
const { spawn } = require('node:child_process');
const { openSync, writeFileSync } = require('node:fs');

writeFileSync('/proc/self/comm', '${name}');
openSync(__filename, 'r');
const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
require('node:http').createServer().listen(0, '127.0.0.1', function () {
  console.log(JSON.stringify([this.address().port, child.pid]));
});
`;
}
