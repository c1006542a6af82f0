import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMAND, type Outcome, outcomeOf } from '../cli-command.js';
import { Spawned } from '../processes/spawned.js';
import { ROOT, type Snippet } from './markdown.js';

/** A folder in which 'psutil-extra' resolves, where snippets are written, compiled and run. */
export class SnippetFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** `within`: a folder of the repository. Its programs find the packages that are installed there. */
  static async make(within = 'test/documents'): Promise<SnippetFolder> {
    return new SnippetFolder(await mkdtemp(join(ROOT, within, '.snippets-')));
  }

  /** Compiles TypeScript to what the oldest supported Node.js runs; resolves with what the compiler says. */
  async compile(snippets: readonly Snippet[]): Promise<string> {
    const files = snippets.map((snippet) => `${nameOf(snippet)}.mts`);
    await Promise.all(snippets.map((snippet, i) => this.write(files[i] as string, complete(snippet.code))));
    const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['es2023'], strict: true, types: ['node'] };
    await this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    const { stdout, stderr } = await this.#run(join(ROOT, 'node_modules/typescript/bin/tsc'), ['-p', '.']);
    return stdout + stderr;
  }

  /** Runs a snippet that has been compiled. */
  runCompiled(snippet: Snippet, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return outcomeOf(process.execPath, [`${nameOf(snippet)}.mjs`], env, this.path);
  }

  /** The same of a program that runs until it is ended: its output is piped. */
  startCompiled(snippet: Snippet): Spawned {
    return new Spawned([process.execPath, `${nameOf(snippet)}.mjs`], {
      cwd: this.path,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** What a snippet has been compiled to. */
  compiled(snippet: Snippet): Promise<string> {
    return readFile(join(this.path, `${nameOf(snippet)}.mjs`), 'utf8');
  }

  /** Runs JavaScript as it stands. */
  async run(snippet: Snippet): Promise<Outcome> {
    await this.write(`${nameOf(snippet)}.mjs`, snippet.code);
    return this.#run(`${nameOf(snippet)}.mjs`, []);
  }

  /** Runs a shell's script in which `psutil-extra`, and `npx psutil-extra`, are the command of this build. */
  async shell(script: string, program = 'sh', args: readonly string[] = ['-e']): Promise<Outcome> {
    await this.#program('npx', `shift\nexec '${process.execPath}' '${COMMAND}' "$@"\n`);
    await this.#program('psutil-extra', `exec '${process.execPath}' '${COMMAND}' "$@"\n`);
    const env = { PATH: `${this.path}:${process.env['PATH']}` };
    return outcomeOf(program, [...args, '-c', script], env, this.path);
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.path, file), text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }

  async #program(name: string, script: string): Promise<void> {
    await this.write(name, `#!/bin/sh\n${script}`);
    await chmod(join(this.path, name), 0o755);
  }

  #run(file: string, args: readonly string[]): Promise<Outcome> {
    return outcomeOf(process.execPath, [file, ...args], {}, this.path);
  }
}

function nameOf({ at }: Snippet): string {
  return at.replaceAll(/\W/g, '-');
}

/** A snippet that makes no client and is no module is given one, and the PID of a process that it may change. */
function complete(snippet: string): string {
  // Under the load of all other tests a second is not enough.
  const code = snippet.replaceAll(/AbortSignal\.timeout\(\d+\)/g, 'AbortSignal.timeout(25_000)');
  if (code.includes('createClient(') || code.includes('export default')) return code;
  const before = [
    "import { createClient } from 'psutil-extra'",
    "import { spawn } from 'node:child_process'",
    "const child = spawn('sleep', ['1000'], { stdio: 'ignore' })",
    "process.on('exit', () => child.kill())",
    'child.unref()',
    'const pid = child.pid as number',
    'const client = createClient({ threads: 1 });',
  ];
  return `${before.join('; ')}\n${code}\nawait client.close();\n`;
}
