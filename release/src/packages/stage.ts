import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../binaries/targets.js';
import { ADDON_FILE, type Manifest, manifestIn, NATIVE, ROOT } from '../repository.js';
import { nativeManifest, type Published, platformManifest, publishedManifest, repositoryAddress } from './manifests.js';
import { leaveUnreachedOut } from './reached.js';
import { readmeOfPackage } from './readme.js';

/** A package's folder as it is published, ready to be packed. */
export interface Staged {
  readonly folder: string;
  readonly manifest: Published;
}

/** A platform's binary, to become its package. */
export interface Compiled {
  readonly target: Target;
  readonly binary: string;
}

/**
 * Makes the folders of all packages, each after its dependencies: an install while they are
 * being published finds all it needs.
 *
 * @param asked the platforms that the addon's package depends on. Default: those that are compiled.
 */
export function stage(into: string, compiled: readonly Compiled[], asked?: readonly Target[]): Staged[] {
  const native = manifestIn(NATIVE);
  const targets = asked ?? compiled.map(({ target }) => target);
  const platforms = compiled.map(({ target, binary }) =>
    staged(into, platformManifest(target, native), (folder) => {
      cpSync(binary, join(folder, ADDON_FILE));
      writeFileSync(join(folder, 'README.md'), readme(target.name));
    }),
  );
  return [
    ...platforms,
    staged(into, nativeManifest(native, targets), (folder) => {
      copyFrom(NATIVE, [...(native.files ?? []), 'README.md'], folder);
      copyFrom(NATIVE, GYP_INPUTS, join(folder, 'source'));
    }),
    ...['worker', 'client', 'metrics', 'parquet', 'nats'].map((name) => {
      const from = join(ROOT, 'packages', name);
      const manifest: Manifest = manifestIn(from);
      return staged(into, publishedManifest(manifest), (folder) => {
        copyFrom(from, manifest.files ?? [], folder);
        // The package that people look for has the README that the repository has.
        const place = name === 'client' ? '' : `packages/${name}`;
        const text = readFileSync(join(ROOT, place, 'README.md'), 'utf8');
        writeFileSync(join(folder, 'README.md'), readmeOfPackage(text, repositoryAddress(), place));
      });
    }),
  ];
}

/** What `node-gyp rebuild` takes to compile the addon, as it stands in the clone. */
const GYP_INPUTS = ['binding.gyp', 'sources.gypi', 'src', 'nodedir'];

function staged(into: string, manifest: Published, fill: (folder: string) => void): Staged {
  const folder = join(into, manifest.name.replace('/', '+'));
  mkdirSync(folder, { recursive: true });
  fill(folder);
  if (existsSync(join(folder, 'dist'))) leaveUnreachedOut(folder, manifest);
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { folder, manifest };
}

function copyFrom(folder: string, names: readonly string[], to: string): void {
  for (const name of names) {
    const from = join(folder, name);
    if (!existsSync(from)) throw new Error(`${from} is not there: npm run build makes it`);
    cpSync(from, join(to, name), { recursive: true, filter: (path) => !LEFT_OUT.test(path) });
    if (name === 'dist') leaveMapsOut(join(to, name));
  }
}

/** What the compiler writes for itself, and the BPF programs, of which a build takes what clang has made of them: `program.h`. */
const LEFT_OUT = /\.tsbuildinfo$|\.map$|\.bpf\.[ch]$|\/bpf\/generate\.mjs$/;

/** Source maps hold the sources, and are half of a package: the files that are published do not refer to them. */
function leaveMapsOut(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?[jt]s$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
  }
}

function readme(name: string): string {
  return `# The addon of psutil-extra for ${name}

This package is a part of psutil-extra, which installs it on matching platforms. It has no API of its own.
`;
}
