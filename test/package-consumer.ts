import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Outcome, outcomeOf } from './cli-command.js';

/** A project of somebody else's in which the packed packages are installed. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  /** What npm said while it installed. */
  readonly installed: string;
  /** Where an installed package stands. */
  packageFolder(name: string): string;
  write(file: string, text: string): Promise<void>;
  /** Runs a program in the project. */
  run(program: string, args: readonly string[]): Promise<Outcome>;
}

/** Packs the three packages as they would be published, and installs them with npm. */
export async function makeConsumer(): Promise<Consumer> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'psutil-extra-')));
  const folder = join(home, 'consumer');
  await mkdir(folder);
  const consumer = consumerIn(home, 'consumer');
  const tarballs = await Promise.all(PACKAGES.map((name) => pack(name, home)));
  const overrides = Object.assign({}, ...(await Promise.all(PACKAGES.map(thirdParties))));
  const [native, worker, client] = tarballs.map((tarball) => `file:${tarball}`);
  const manifest = {
    name: 'consumer',
    private: true,
    dependencies: { 'psutil-extra': client },
    overrides: { ...overrides, '@psutil-extra/native': native, '@psutil-extra/worker': worker },
  };
  await consumer.write('package.json', JSON.stringify(manifest));
  const npm = ['install', '--offline', '--install-links=false', '--no-audit', '--no-fund', '--foreground-scripts'];
  const { code, stdout, stderr } = await consumer.run('npm', npm);
  if (code !== 0) throw new Error(`npm install failed:\n${stdout}${stderr}`);
  return Object.assign(consumer, { installed: stdout + stderr });
}

function consumerIn(home: string, name: string): Consumer {
  const folder = join(home, name);
  return {
    folder,
    installed: '',
    packageFolder: (wanted) => join(folder, 'node_modules', wanted),
    write: (file, text) => writeFile(join(folder, file), text),
    run: (program, args) => outcomeOf(program, args, {}, folder),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['native', 'worker', 'client'] as const;

async function pack(name: string, to: string): Promise<string> {
  const { packageManager } = await manifestIn(ROOT);
  const args = ['-y', packageManager as string, 'pack', '--json', '--pack-destination', to];
  const { stdout, stderr } = await outcomeOf('npx', args, {}, join(ROOT, 'packages', name));
  try {
    return (JSON.parse(stdout.slice(stdout.indexOf('{'))) as { filename: string }).filename;
  } catch {
    throw new Error(`pnpm pack failed:\n${stdout}${stderr}`);
  }
}

/** What a package needs that is not ours: the copies installed here, so that no registry is asked. */
async function thirdParties(name: string): Promise<Record<string, string>> {
  const folder = join(ROOT, 'packages', name);
  const { dependencies = {} } = await manifestIn(folder);
  const installed = Object.keys(dependencies).map((each) => [each, join(folder, 'node_modules', each)] as const);
  return Object.fromEntries(
    installed
      .filter(([each, path]) => !each.startsWith('@psutil-extra/') && existsSync(path))
      .map(([each, path]) => [each, `file:${path}`]),
  );
}

async function manifestIn(folder: string): Promise<{ packageManager?: string; dependencies?: Record<string, string> }> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}
