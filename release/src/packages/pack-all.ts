// npm run pack:all -- [target…]: packs all packages into tarballs/, with the platforms of these names, or all.
import { rmSync } from 'node:fs';
import { isCurrent } from '../binaries/inputs.js';
import { targetsNamed } from '../binaries/targets.js';
import { binaryOf, ROOT } from '../repository.js';
import { packAll } from './pack.js';

const targets = targetsNamed(process.argv.slice(2));
const missing = targets.filter((target) => !isCurrent(target));
if (missing.length > 0) {
  console.error(
    `not built, or from other sources than these: ${missing.map(({ name }) => name).join(', ')}. npm run prebuild builds all.`,
  );
  process.exit(1);
}
const into = `${ROOT}tarballs`;
rmSync(into, { recursive: true, force: true });
for (const { tarball, size } of await packAll(
  into,
  targets.map((target) => ({ target, binary: binaryOf(target) })),
)) {
  console.log(`${(size / 1024).toFixed(0).padStart(5)} KiB  ${tarball}`);
}
