import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TARGETS } from '@psutil-extra/release/binaries/targets';
import { packAll } from '@psutil-extra/release/packages/pack';
import { outcomeOf } from '@psutil-extra/release/program';
import { binaryOf } from '@psutil-extra/release/repository';
import { toolPath } from '@psutil-extra/release/tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf, thisHost } from '../../packages/native/dist/host.js';

const TARGET = TARGETS.filter(({ name }) => name === nameOf(thisHost()));
let folder: string;
let tarballs: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psutil-extra-lint-'));
  const compiled = TARGET.map((target) => ({ target, binary: binaryOf(target) }));
  tarballs = new Map((await packAll(folder, compiled)).map((each) => [each.manifest.name, each.tarball]));
});

afterAll(() => rm(folder, { recursive: true }));

const TYPED = [
  'psutil-extra',
  '@psutil-extra/worker',
  '@psutil-extra/native',
  '@psutil-extra/metrics',
  '@psutil-extra/parquet',
  '@psutil-extra/nats',
];
const ALL = [...TYPED, ...TARGET.map(({ name }) => `@psutil-extra/native-${name}`)];

describe('the tarball of', () => {
  it.each(ALL)(
    '%s has nothing for publint to say',
    async (name) => {
      const { code, stdout } = await outcomeOf(await toolPath('publint', 'publint'), [tarball(name), '--strict']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('All good!') });
    },
    60_000,
  );

  // All of its rules, and TypeScript's resolution of before `exports` too, which does not find the files that threads run,
  // nor what only the packages of this project import.
  const options = ['--profile', 'strict', '--exclude-entrypoints', './task', './events', './arrow', '--no-emoji'];

  it.each(TYPED)(
    '%s has types that resolve wherever its code does',
    async (name) => {
      const attw = await toolPath('arethetypeswrong', 'attw');
      const outcome = await outcomeOf(attw, [tarball(name), ...options]);
      expect(outcome).toEqual({ ...outcome, code: 0 });
    },
    60_000,
  );
});

function tarball(name: string): string {
  return tarballs.get(name) as string;
}
