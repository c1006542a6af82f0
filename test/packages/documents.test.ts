import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf, thisHost } from '../../packages/native/dist/host.js';
import { shell } from '../cli-child.js';
import { ROOT, type Snippet, snippet, snippetsOf } from '../documents/markdown.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

const HOST = nameOf(thisHost());
let packed: Shelf;

/** With what was written, so that a failure shows it. */
const SUCCESS = { code: 0, stdout: expect.any(String), stderr: expect.any(String) };

beforeAll(async () => {
  packed = await shelf(await registryHere());
});
afterAll(() => packed[Symbol.asyncDispose]());

/** In an empty folder, as if the packages were published. */
const empty = () => EmptyFolder.make(packed.url);

/** The blocks behind one in its document, until one of another kind. */
function behind({ file, at }: Snippet): Snippet[] {
  const all = snippetsOf(file);
  return all.slice(all.findIndex((each) => each.at === at) + 1);
}

describe('in an empty folder', () => {
  it('the five minutes of the site: installs, scans, and runs both programs', async () => {
    await using folder = await empty();
    const install = snippet('site/pages/start.md: npm init -y');
    expect(await folder.shell(install.code)).toEqual(SUCCESS);
    const blocks = behind(install).filter(({ language }) => language !== 'text');
    expect(blocks.map(({ language }) => language)).toEqual(['sh', 'js', 'js']);
    for (const { language, code } of blocks) {
      await folder.write('look.mjs', code);
      const ran = await folder.shell(language === 'sh' ? code : 'node look.mjs');
      expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(/umask|processes/i), stderr: expect.any(String) });
    }
  }, 120_000);

  it.each(['README.md: npm install psutil-extra', 'site/pages/index.md: npm install psutil-extra'])(
    "%s serves the README's program",
    async (installation) => {
      await using folder = await empty();
      expect(await folder.shell(snippet(installation).code)).toEqual(SUCCESS);
      const program = snippetsOf('README.md').find(({ language }) => language === 'js');
      await folder.write('memory.mjs', String(program?.code));
      expect(await folder.shell('node memory.mjs')).toMatchObject({ code: 0, stderr: '' });
    },
    120_000,
  );

  it('an audit finds who ignores SIGTERM', async () => {
    await using folder = await empty();
    await using deaf = await shell("trap '' TERM");
    cpSync(`${ROOT}examples/audit/will-not-stop.mjs`, join(folder.path, 'will-not-stop.mjs'));
    const { code, stdout } = await folder.shell(snippet('examples/audit/README.md: npm install psutil-extra').code);
    expect(stdout).toContain(`${deaf.pid} sh: ignores SIGTERM\n`);
    expect(code).toBe(1);
  }, 120_000);

  it('--arrow writes what apache-arrow reads', async () => {
    await using folder = await empty();
    await using deaf = await shell("trap '' TERM; ulimit -n 300");
    const write = snippet('docs/command.md: npm install apache-arrow');
    expect(await folder.shell(`npm install psutil-extra\n${write.code}`)).toEqual(SUCCESS);
    await folder.write('read.mjs', snippet("docs/command.md: import { readFile } from 'node:fs/promises';").code);
    const { code, stdout, stderr } = await folder.shell('node read.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`${deaf.pid} sh 300\n`);
  }, 120_000);

  it('the addon is compiled where it is installed, from the project and from its own folder', async () => {
    await using folder = await empty();
    expect(await folder.shell('npm install psutil-extra')).toEqual(SUCCESS);
    const scope = join(folder.path, 'node_modules/@psutil-extra');
    rmSync(join(scope, `native-${HOST}`), { recursive: true, force: true });
    const missing = await folder.shell('npx psutil-extra show 1');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('node-gyp rebuild') });
    for (const [key, within] of [
      [
        'docs/binaries.md: npx node-gyp@12.4.0 rebuild -C node_modules/@psutil-extra/native/source --nodedir=nodedir',
        '.',
      ],
      [
        'packages/native/README.md: npx node-gyp@12.4.0 rebuild --nodedir=nodedir',
        'node_modules/@psutil-extra/native/source',
      ],
    ] as const) {
      rmSync(join(scope, 'native/source/build'), { recursive: true, force: true });
      expect(await folder.shell(snippet(key).code, {}, within)).toEqual(SUCCESS);
      expect(existsSync(join(scope, 'native/source/build/Release/psutil_extra.node'))).toBe(true);
      expect(await folder.shell('npx psutil-extra show 1')).toEqual(SUCCESS);
    }
  }, 600_000);
});

it('packages that were packed in this clone are installed from their files', async () => {
  // The registry knows none of ours here: all must come from the files.
  await using folder = await EmptyFolder.make(await registryHere());
  const pack = snippet('docs/binaries.md: npm run prebuild:targets -- linux-x64');
  const here = `cd '${ROOT}'\n${pack.code.replaceAll('linux-x64', HOST)}`;
  // The clone's owner runs this, whose home has what pnpm keeps.
  expect(await folder.shell(here, { HOME: process.env['HOME'] })).toEqual(SUCCESS);
  const use = snippet('docs/binaries.md: npm install CLONE/tarballs/*.tgz');
  const { code, stdout } = await folder.shell(use.code.replace('CLONE/', ROOT));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ *PID /m);
}, 300_000);
