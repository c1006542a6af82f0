import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '@psutil-extra/release/program';
import { TOOLS, toolPath } from '@psutil-extra/release/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_MANAGERS } from './package-managers.js';
import { Project } from './project.js';
import { type Shelf, shelf } from './shelf.js';

let packed: Shelf;

beforeAll(async () => {
  packed = await shelf();
});
afterAll(() => packed[Symbol.asyncDispose]());

// These two install the application's dependencies at the top, and ours beneath each package that depends on them.
describe.each(PACKAGE_MANAGERS.filter(({ name }) => name === 'npm 11' || name === TOOLS.yarnClassic))(
  'a project of $name with other versions of piscina and comlink',
  (manager) => {
    it('uses them and psutil-extra', async () => {
      const others = { piscina: '4.9.2', comlink: '4.3.1' };
      await using project = await Project.make(manager, packed.client, packed.url, others);
      const installed = await project.install();
      expect(installed).toEqual({ ...installed, code: 0 });
      await project.write('use.mjs', USE);
      expect(await project.run('./use.mjs')).toEqual(USED);
    }, 240_000);
  },
);

it('node --preserve-symlinks finds one piscina by two paths, where pnpm has hoisted everything', async () => {
  const manager = PACKAGE_MANAGERS.find(({ name }) => name === TOOLS.pnpm) as (typeof PACKAGE_MANAGERS)[number];
  await using project = await Project.make(manager, packed.client, packed.url);
  writeFileSync(join(project.folder, '.npmrc'), 'shamefully-hoist=true\n', { flag: 'a' });
  const installed: Outcome = await project.node([await toolPath('pnpm', 'pnpm'), 'install']);
  expect(installed).toEqual({ ...installed, code: 0 });
  await project.write('use.mjs', USE.replace("'piscina'", "'psutil-extra'"));
  expect(await project.node(['--preserve-symlinks', './use.mjs'])).toEqual(USED);
}, 240_000);

const USE = `
import * as other from 'piscina';
import { createClient, NoSuchProcessError } from 'psutil-extra';
const client = createClient({ threads: 1 });
const own = await client.oneshot(process.pid, async (p) => [await p.umask(), await p.pgid()]);
const gone = await client.umask(2 ** 30).catch((error) => error instanceof NoSuchProcessError);
// Answers so large that they are transferred.
const pids = Array.from({ length: 2000 }, () => process.pid);
const [table] = [await client.scan({ pids: new Set(await client.pids()), fields: ['name', 'rlimits', 'groups'] })];
const umasks = await Promise.all(pids.map((pid) => client.snapshot(pid)));
console.log(own[0] === process.umask(), gone, table.length > 1, umasks.every(({ pid }) => pid === process.pid));
await client.close();
void other;
`;
const USED = { code: 0, stdout: 'true true true true\n', stderr: '' };
