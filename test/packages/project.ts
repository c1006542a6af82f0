import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { nodePath } from '@psutil-extra/release/nodes';
import { type Outcome, outcomeOf } from '@psutil-extra/release/program';
import type { PackageManager } from './package-managers.js';

/** What package managers run besides Node. No compiler is among it. */
const PROGRAMS = ['sh', 'env', 'uname'];

/** Where else Node looks for packages, and what it does besides. */
const OF_THE_TEST = /^(npm_.*|NODE_PATH|NODE_OPTIONS|INIT_CWD)$/i;
/** Settings that say where packages come from here, for every package manager. */
const OF_THE_MACHINE = /^npm_config_(registry|cache|userconfig)$/i;

/** An empty project somewhere else on this machine, which asks for psutil-extra. */
export class Project implements AsyncDisposable {
  readonly folder: string;
  readonly #manager: PackageManager;
  readonly #home: string;

  private constructor(home: string, manager: PackageManager) {
    this.#home = home;
    this.#manager = manager;
    this.folder = join(home, 'project');
  }

  /** `others`: what else it depends on, as a manifest says it. */
  static async make(
    manager: PackageManager,
    client: string,
    url: string,
    others: Readonly<Record<string, string>> = {},
  ): Promise<Project> {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'psutil-extra-packages-')));
    const project = new Project(home, manager);
    await mkdir(project.folder);
    await mkdir(join(home, 'bin'));
    const node = manager.node === undefined ? process.execPath : await nodePath(manager.node);
    await symlink(node, join(home, 'bin/node'));
    for (const program of PROGRAMS) await symlink(pathOf(program), join(home, 'bin', program));
    const manifest = { name: 'project', private: true, dependencies: { ...others, 'psutil-extra': `file:${client}` } };
    await project.write('package.json', JSON.stringify(manifest));
    for (const [file, text] of Object.entries(await manager.configuration(url))) await project.write(file, text);
    return project;
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  async install(): Promise<Outcome> {
    return this.node(await this.#manager.command());
  }

  /** Runs a program with what has been installed. */
  run(file: string, node?: string): Promise<Outcome> {
    return this.node([...(this.#manager.findsBy ?? []), file], node);
  }

  /** Runs Node in the project, or another release of it. */
  node(args: readonly string[], node = join(this.#home, 'bin/node')): Promise<Outcome> {
    // npm's settings for the command that runs the tests do not apply to this one.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !OF_THE_TEST.test(name) || OF_THE_MACHINE.test(name),
    );
    const env = { ...Object.fromEntries(inherited), PATH: join(this.#home, 'bin'), CI: 'true' };
    return outcomeOf(node, args, { cwd: this.folder, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}

function pathOf(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const folder = folders.find((each) => each !== '' && existsSync(join(each, program)));
  if (folder === undefined) throw new Error(`${program} is in none of ${folders.join(', ')}`);
  return join(folder, program);
}
