import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TARGETS } from '@psutil-extra/release/binaries/targets';
import { packAll } from '@psutil-extra/release/packages/pack';
import { nameOf, thisHost } from '../packages/native/dist/host.js';
import { type Outcome, outcomeOf } from './cli-command.js';

/** Another project, in which the packed packages are installed. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  /** What npm said while it installed. */
  readonly installed: string;
  /** How large each package is as it is downloaded, in bytes. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Where an installed package stands. */
  packageFolder(name: string): string;
  write(file: string, text: string): Promise<void>;
  /** Runs a program in the project. */
  run(program: string, args: readonly string[], timeout?: number): Promise<Outcome>;
}

/** Packs the packages as they would be published, with the addon that was built here, and installs them with npm. */
export async function makeConsumer(): Promise<Consumer> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'psutil-extra-')));
  const folder = join(home, 'consumer');
  await mkdir(folder);
  const consumer = consumerIn(home, 'consumer');
  const host = nameOf(thisHost());
  const targets = TARGETS.filter(({ name }) => name === host);
  const packed = await packAll(
    home,
    targets.map((target) => ({ target, binary: BUILT })),
  );
  const overrides = Object.assign({}, ...(await Promise.all(PACKAGES.map(thirdParties))));
  const files = new Map(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]));
  const client = files.get('psutil-extra');
  files.delete('psutil-extra');
  const manifest = {
    name: 'consumer',
    private: true,
    dependencies: { 'psutil-extra': client },
    overrides: { ...overrides, ...Object.fromEntries(files) },
  };
  await consumer.write('package.json', JSON.stringify(manifest));
  const npm = ['install', '--offline', '--install-links=false', '--no-audit', '--no-fund', '--foreground-scripts'];
  const { code, stdout, stderr } = await consumer.run('npm', npm);
  if (code !== 0) throw new Error(`npm install failed:\n${stdout}${stderr}`);
  if (targets.length === 0) await buildFromSource(consumer);
  const sizes = new Map(packed.map((each) => [each.manifest.name, each.size]));
  return Object.assign(consumer, { installed: stdout + stderr, sizes });
}

/** Where the addon comes from in a consumer: its platform's package, or a build of one's own. */
export function addonFolderIn(consumer: Consumer): string {
  const host = nameOf(thisHost());
  return TARGETS.some(({ name }) => name === host)
    ? consumer.packageFolder(`@psutil-extra/native-${host}`)
    : join(consumer.packageFolder('@psutil-extra/native'), 'source/build');
}

/** As the error of a missing addon says. */
export async function buildFromSource(consumer: Consumer): Promise<void> {
  const folder = join(consumer.packageFolder('@psutil-extra/native'), 'source');
  const rebuild = [NODE_GYP, 'rebuild', '-j', 'max', '-C', folder, '--nodedir=nodedir'];
  const { code, stdout, stderr } = await consumer.run(process.execPath, rebuild, COMPILING_MS);
  if (code !== 0) throw new Error(`node-gyp failed:\n${stdout}${stderr}`);
}

function consumerIn(home: string, name: string): Consumer {
  const folder = join(home, name);
  return {
    folder,
    installed: '',
    sizes: new Map(),
    packageFolder: (wanted) => join(folder, 'node_modules', wanted),
    write: (file, text) => writeFile(join(folder, file), text),
    run: (program, args, timeout) => outcomeOf(program, args, {}, folder, timeout),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['native', 'worker', 'client'] as const;
const BUILT = join(ROOT, 'packages/native/build/Release/psutil_extra.node');
const NODE_GYP = join(ROOT, 'packages/native/node_modules/node-gyp/bin/node-gyp.js');

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

async function manifestIn(folder: string): Promise<{ dependencies?: Record<string, string> }> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}

/** A hundred files, which other tests may compile at the same time. */
const COMPILING_MS = 240_000;
