import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WORKSPACES = ['packages/*', 'examples/*', 'bench', 'release', 'test'];

/** A copy of the repository without what is built, in which the installed packages are linked. */
export class Tree implements AsyncDisposable {
  readonly path: string;
  readonly #files: readonly string[];

  private constructor(path: string, files: readonly string[]) {
    this.path = path;
    this.#files = files;
  }

  static async copy(): Promise<Tree> {
    const path = await mkdtemp(join(tmpdir(), 'psutil-extra-tree-'));
    // Also what is new and not yet committed; what git still lists may be deleted.
    const files = await filesIn(ROOT);
    for (const file of files) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await cp(join(ROOT, file), join(path, file));
    }
    await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
    // Their links are relative: a package of the workspace is the copy's.
    for (const folder of await workspaces()) {
      const from = join(ROOT, folder, 'node_modules');
      await cp(from, join(path, folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    }
    await run('git', ['init', '--quiet'], path);
    return new Tree(path, files);
  }

  /** Runs a program in it; resolves to what that prints. */
  run(program: string, args: readonly string[], folder = '.'): Promise<string> {
    return run(program, args, join(this.path, folder));
  }

  /** The files that are new, or differ from the repository's. */
  async changed(): Promise<string[]> {
    const before = new Set(this.#files);
    const changed: string[] = [];
    for (const file of await filesIn(this.path)) {
      const same = before.has(file) && (await readFile(join(ROOT, file))).equals(await readFile(join(this.path, file)));
      if (!same) changed.push(file);
    }
    return changed.sort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

async function filesIn(root: string): Promise<string[]> {
  const list = (...options: string[]) => run('git', ['ls-files', '-z', ...options], root);
  const deleted = new Set((await list('--deleted')).split('\0'));
  const all = (await list('--cached', '--others', '--exclude-standard')).split('\0');
  return all.filter((file) => file !== '' && !deleted.has(file) && !/(^|\/)node_modules$/.test(file));
}

async function workspaces(): Promise<string[]> {
  const folders = await Promise.all(
    WORKSPACES.map(async (pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = dirname(pattern);
      return (await readdir(join(ROOT, parent))).map((name) => join(parent, name));
    }),
  );
  return folders.flat().filter((folder) => existsSync(join(ROOT, folder, 'node_modules')));
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  // What c8 and Vitest set is about this program.
  const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env;
  const options = { cwd, env: { ...env, MAKEFLAGS: '-j2', FORCE_COLOR: '0' }, maxBuffer: 1 << 28 };
  return promisify(execFile)(program, args, options).then(
    ({ stdout }) => stdout,
    (error: Error & { stdout: string; stderr: string }) => {
      throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}\n${error.stderr}`);
    },
  );
}
