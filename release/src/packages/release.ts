// npm run release [-- --dry-run]: builds, checks, packs and publishes all packages. Dry, it says what it would do.
import { readdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TARGETS } from '../binaries/targets.js';
import { outcomeOf, run } from '../program.js';
import { binaryOf, manifestIn, ROOT } from '../repository.js';
import { disagreements } from './agreement.js';
import { type Packed, packAll } from './pack.js';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const dryRun = values['dry-run'];

await step('the clone', isReady);
await step('lint and tests', async () => {
  for (const script of ['lint', 'test']) await run('npm', ['run', script], { cwd: ROOT });
});
await step('the binaries, built and checked', () => run('npm', ['run', 'prebuild'], { cwd: ROOT }));
await step('the packages, installed and used', () => run('npm', ['run', 'test:packages'], { cwd: ROOT }));
let packed: readonly Packed[] = [];
await step('packing', async () => {
  const into = `${ROOT}tarballs`;
  rmSync(into, { recursive: true, force: true });
  packed = await packAll(
    into,
    TARGETS.map((target) => ({ target, binary: binaryOf(target) })),
  );
  const { version } = manifestIn(`${ROOT}packages/client`);
  const complaints = disagreements(
    packed.map(({ manifest }) => manifest),
    version,
  );
  if (complaints.length > 0) throw new Error(complaints.join('; '));
});
// One after the other: an install meanwhile must find a package's dependencies.
for (const { manifest, tarball } of packed) {
  const { name, version } = manifest;
  if (await isPublished(name, version)) console.log(`${name} ${version} is published already`);
  else await step(`${dryRun ? 'would publish' : 'publishing'} ${name} ${version}`, () => publish(tarball));
}
if (dryRun) console.log('Nothing has been published.');

async function step(name: string, work: () => unknown): Promise<void> {
  const from = performance.now();
  try {
    await work();
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exit(1);
  }
  console.log(`${name}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
}

/** A release is of a commit, and of changes that have been given a version. */
async function isReady(): Promise<void> {
  const notes = readdirSync(`${ROOT}.changeset`).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const complaints = [
    ...(notes.length === 0 ? [] : [`npm run changeset -- version has not been run for ${notes.join(', ')}`]),
    ...((await run('git', ['status', '--porcelain'], { cwd: ROOT })) === '' ? [] : ['there are uncommitted changes']),
  ];
  if (complaints.length === 0) return;
  if (!dryRun) throw new Error(complaints.join('; '));
  for (const complaint of complaints) console.log(`would be refused: ${complaint}`);
}

/** So that a release which broke off can be taken up again. */
async function isPublished(name: string, version: string): Promise<boolean> {
  const { code, stdout } = await outcomeOf('npm', ['view', `${name}@${version}`, 'version']);
  return code === 0 && stdout.trim() === version;
}

/** With provenance: the registry keeps, signed, which commit and which workflow this was built from. */
async function publish(tarball: string): Promise<void> {
  const args = ['publish', tarball, '--access', 'public', '--provenance', '--ignore-scripts'];
  await run('npm', dryRun ? [...args, '--dry-run'] : args, { cwd: ROOT });
}
