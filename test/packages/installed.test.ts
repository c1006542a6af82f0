import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TARGETS } from '@psutil-extra/release/binaries/targets';
import { packAll } from '@psutil-extra/release/packages/pack';
import { type Outcome, outcomeOf } from '@psutil-extra/release/program';
import { ADDON_FILE, NATIVE, RELEASE } from '@psutil-extra/release/repository';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf, thisHost } from '../../packages/native/dist/host.js';

const HOST = nameOf(thisHost());
const targets = TARGETS.filter(({ name }) => name === HOST);

/**
 * The packages as they would be published, but with the addon that node-gyp has just built, which takes no other compiler.
 * What they ask for comes from the registry, as for any user; `test/package.test.ts` uses the copies of this clone.
 */
describe.runIf(targets.length > 0)('the packed files, installed by npm into an empty folder', () => {
  let home: string;
  let folder: string;
  let installed: Outcome;

  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'psutil-extra-installed-')));
    folder = join(home, 'project');
    await mkdir(folder);
    const packed = await packAll(
      join(home, 'tarballs'),
      targets.map((target) => ({ target, binary: `${NATIVE}build/Release/${ADDON_FILE}` })),
    );
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true }));
    const files = packed.map(({ tarball }) => tarball);
    const options = ['--no-audit', '--no-fund', '--foreground-scripts'];
    installed = await outcomeOf('npm', ['install', ...options, ...files], { cwd: folder });
  }, 120_000);

  afterAll(() => rm(home, { recursive: true, force: true }));

  it('are all that it takes, and run no script', () => {
    expect(installed).toEqual({ ...installed, code: 0 });
    expect(installed.stdout + installed.stderr).not.toMatch(/gyp|scripts/i);
  });

  it('read what Node reads of the same process', async () => {
    await copyFile(`${RELEASE}probe.mjs`, join(folder, 'probe.mjs'));
    const { code, stdout, stderr } = await outcomeOf(process.execPath, ['probe.mjs'], { cwd: folder });
    expect(stdout).toMatch(/right: .*\bscan\b.*; *\n.*wrong: none/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (process.platform === 'linux') expect(stdout).toMatch(/right: umask, .*\n *not supported: none;/);
  });

  it('bring the command', async () => {
    const command = join(folder, 'node_modules/.bin/psutil-extra');
    const scan = await outcomeOf(command, ['scan', '--json', '--fields', 'pgid'], { cwd: folder });
    expect(JSON.parse(scan.stdout)).toContainEqual({ pid: process.pid, pgid: expect.any(Number) });
    const shown = await outcomeOf(command, ['show', '--json', String(process.pid)], { cwd: folder });
    expect(JSON.parse(shown.stdout)).toEqual([expect.objectContaining({ pid: process.pid, ppid: process.ppid })]);
    expect([scan.code, shown.code, shown.stderr]).toEqual([0, 0, '']);
    expect(scan.stderr).toMatch(/^\d+ processes in \d+ ms\n$/);
  });

  // The others are those of types.test.ts.
  it('have declarations that the oldest supported TypeScript compiles', async () => {
    const compiler = ['typescript@5.4.5', '@types/node@20.19.43', '--save-exact', '--no-audit', '--no-fund'];
    const install = await outcomeOf('npm', ['install', ...compiler], { cwd: folder });
    expect(install).toEqual({ ...install, code: 0 });
    await writeFile(
      join(folder, 'use.cts'),
      "import { createClient } from 'psutil-extra';\nvoid createClient().umask(1);\n",
    );
    const options = [
      '--module',
      'node16',
      '--target',
      'es2022',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noEmit',
    ];
    const compiled = await outcomeOf(process.execPath, ['node_modules/typescript/bin/tsc', ...options, 'use.cts'], {
      cwd: folder,
    });
    expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });
  }, 120_000);
});
