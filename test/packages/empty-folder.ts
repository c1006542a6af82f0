import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type Outcome, outcomeOf, run } from '@psutil-extra/release/program';

/** The npm settings of this test run, and other variables that would change what another program does. */
const OF_THE_TEST = /^(npm_|NODE_PATH$|NODE_OPTIONS$|NODE_V8_COVERAGE$|INIT_CWD$|VITEST)/i;

/** An empty folder in which a reader does what a document says, with what the machine has. */
export class EmptyFolder implements AsyncDisposable {
  readonly path: string;
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(home: string, path: string, env: NodeJS.ProcessEnv) {
    this.#home = home;
    this.path = path;
    this.#env = env;
  }

  /** `registry`: where npm is to look for everything. */
  static async make(registry: string): Promise<EmptyFolder> {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'psutil-extra-reader-')));
    const path = join(home, 'project');
    await mkdir(path);
    await mkdir(join(home, 'bin'));
    // `node` is the one that runs the tests; npm and npx are the machine's.
    await symlink(process.execPath, join(home, 'bin/node'));
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_TEST.test(name)));
    env['PATH'] = [join(home, 'bin'), env['PATH'], dirname(process.execPath)].join(delimiter);
    // The home is empty as well: a setting in it, such as one's own `nodedir`, would win over what a document says.
    const settings = { registry, yes: 'true', cache: (await run('npm', ['config', 'get', 'cache'])).trim() };
    const npm = Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, value]);
    return new EmptyFolder(home, path, { ...env, ...Object.fromEntries(npm), HOME: home });
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.path, file), text);
  }

  /** Runs a shell's script, up to the first command that fails. */
  shell(script: string, env: NodeJS.ProcessEnv = {}, folder = '.'): Promise<Outcome> {
    return outcomeOf('sh', ['-ec', script], { cwd: join(this.path, folder), env: { ...this.#env, ...env } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}

/** The registry that this machine uses. */
export async function registryHere(): Promise<string> {
  const url = (await run('npm', ['config', 'get', 'registry'])).trim();
  return url.endsWith('/') ? url : `${url}/`;
}
