import { packageOf, TARGETS, targetsOfHost } from '@psutil-extra/release/binaries/targets';
import { NODES, nodePath } from '@psutil-extra/release/nodes';
import type { Outcome } from '@psutil-extra/release/program';
import { pathFromNpx, TOOLS } from '@psutil-extra/release/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf, thisHost } from '../../packages/native/dist/host.js';
import { PACKAGE_MANAGERS } from './package-managers.js';
import { Project } from './project.js';
import { type Shelf, shelf } from './shelf.js';

const HOST = nameOf(thisHost());
/** A package manager that does not know what a libc is installs both. */
const COMPILED = targetsOfHost();

let packed: Shelf;

beforeAll(async () => {
  packed = await shelf();
});

afterAll(() => packed[Symbol.asyncDispose]());

describe.each(PACKAGE_MANAGERS)('a project of $name', (manager) => {
  let project: Project;
  let installed: Outcome;

  beforeAll(async () => {
    project = await Project.make(manager, packed.client, packed.url);
    installed = await project.install();
  }, 120_000);

  afterAll(() => project[Symbol.asyncDispose]());

  it('is installed without a compiler, runs no script, and prints no warning about a script that was not run', () => {
    expect(installed).toEqual({ ...installed, code: 0 });
    expect(installed.stdout + installed.stderr).not.toMatch(/gyp|scripts|allow-scripts|built because/i);
  });

  it('gets the addon for this platform only', async () => {
    const fits = COMPILED.filter(({ name }) => name === HOST || !manager.knowsLibc).map(packageOf);
    await project.write('platforms.mjs', `const NAMES = ${JSON.stringify(TARGETS.map(packageOf))};\n${FIND}`);
    const { stdout } = await project.run('./platforms.mjs');
    expect(JSON.parse(stdout)).toEqual(fits);
  });

  it('imports it', async () => {
    await project.write('use.mjs', `import { createClient } from 'psutil-extra';\n${USE}`);
    expect(await project.run('./use.mjs')).toEqual(USED);
  });

  it.runIf(manager.isFoundByRequire)('requires it', async () => {
    await project.write('use.cjs', `const { createClient } = require('psutil-extra');\n${USE}`);
    expect(await project.run('./use.cjs')).toEqual(USED);
  });

  it.each(manager.isFoundByRequire ? ['esm', 'cjs'] : ['esm'])(
    'uses it from a bundle, outside which it stays: %s',
    async (format) => {
      const esbuild = await pathFromNpx(TOOLS.esbuild, 'esbuild');
      await project.write('program.ts', `import { createClient } from 'psutil-extra';\n${USE}`);
      const file = `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`;
      const options = ['--bundle', '--platform=node', `--format=${format}`, '--external:psutil-extra'];
      const bundling = await project.node([esbuild, './program.ts', ...options, `--outfile=${file}`]);
      expect(bundling).toEqual({ ...bundling, code: 0 });
      expect(await project.run(`./${file}`)).toEqual(USED);
    },
  );

  // Each loads the same files, so one package manager is enough.
  it.each(manager === PACKAGE_MANAGERS[0] ? NODES : [])(
    'is imported and required under Node %s',
    async (version) => {
      const node = await nodePath(version);
      expect(await project.run('./use.mjs', node)).toEqual(USED);
      expect(await project.run('./use.cjs', node)).toEqual(USED);
    },
    120_000,
  );
});

const USE = `
async function main() {
  const client = createClient({ threads: 1 });
  const umask = await client.umask(process.pid);
  const table = await client.scan({ fields: ['name', 'pgid'] });
  const own = await client.oneshot(process.pid, async (p) => [await p.umask(), await p.pgid()]);
  await client.close();
  console.log(umask === process.umask(), own[0] === umask, own[1] === table.get(process.pid).pgid);
}
main();
`;
/** Looks for the platforms' packages where the addon's package would. */
const FIND = `
import { createRequire } from 'node:module';
const from = (path, name) => createRequire(path).resolve(name);
const native = from(from(from(import.meta.url, 'psutil-extra'), '@psutil-extra/worker'), '@psutil-extra/native');
console.log(JSON.stringify(NAMES.filter((name) => {
  try {
    return from(native, name);
  } catch {
    return false;
  }
})));
`;
const USED = { code: 0, stdout: 'true true true\n', stderr: '' };
