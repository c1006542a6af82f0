import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { targetsNamed } from '../binaries/targets.js';
import { stage } from '../packages/stage.js';
import { run } from '../program.js';
import { binaryOf, manifestIn, RELEASE, ROOT } from '../repository.js';
import type { Proof } from './proof.js';

const NODE = '24.21.0';
/** Where Debian's cross packages leave another architecture's C and C++ library. */
const LIBRARIES = '/usr/aarch64-linux-gnu';
const DEBIAN_PACKAGES = ['qemu-user', 'libc6-arm64-cross', 'libstdc++6-arm64-cross', 'libgcc-s1-arm64-cross'];

/** The packages as packed for arm64, in arm64's own Node, which an emulator of the processor runs on this kernel. */
export const emulatedProof: Proof = {
  name: 'linux-arm64',
  prove: async () => {
    await installEmulator();
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-arm64-'));
    try {
      installPackages(folder);
      cpSync(`${RELEASE}probe.mjs`, join(folder, 'probe.mjs'));
      const command = ['-L', LIBRARIES, await nodeFor('linux', 'arm64'), join(folder, 'probe.mjs')];
      return (await run('qemu-aarch64', command)).trim();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function installEmulator(): Promise<void> {
  if (existsSync(`${LIBRARIES}/lib/libstdc++.so.6`) && existsSync('/usr/bin/qemu-aarch64')) return;
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES]);
}

/** npm's package of a Node for another machine: npm installs it with `--os` and `--cpu` of that machine. */
async function nodeFor(os: string, cpu: string): Promise<string> {
  const name = `node-${os}-${cpu}`;
  const folder = `${RELEASE}build/nodes/${name}-${NODE}`;
  const node = `${folder}/node_modules/${name}/bin/node`;
  if (!existsSync(node)) {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--force', `--os=${os}`, `--cpu=${cpu}`];
    await run('npm', ['install', '--prefix', folder, ...options, `${name}@${NODE}`]);
  }
  return node;
}

/** Our packages as they would be installed there, and what they need from this clone. */
function installPackages(folder: string): void {
  const [target] = targetsNamed(['linux-arm64']);
  if (target === undefined || !existsSync(binaryOf(target))) throw new Error('npm run prebuild makes the binary first');
  for (const { folder: staged, manifest } of stage(join(folder, 'staged'), [{ target, binary: binaryOf(target) }])) {
    link(staged, join(folder, 'staged/node_modules', manifest.name));
  }
  for (const name of ['client', 'worker']) {
    const from = join(ROOT, 'packages', name);
    const others = Object.keys(manifestIn(from).dependencies ?? {}).filter(
      (each) => !each.startsWith('@psutil-extra/'),
    );
    for (const each of others) link(join(from, 'node_modules', each), join(folder, 'staged/node_modules', each));
  }
  symlinkSync('staged/node_modules', join(folder, 'node_modules'));
}

function link(from: string, to: string): void {
  if (existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}
