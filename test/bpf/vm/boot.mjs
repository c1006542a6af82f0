// Boots another Linux under qemu, with Node and the built packages in its memory, and compares there what BPF and
// procfs return: `node boot.mjs [--kernel VMLINUZ] [--suite SUITE] [--append 'KERNEL ARGUMENTS']`. Without a kernel it
// takes Debian's linux-image-amd64, of another SUITE (bullseye: too old for BPF) where one is named. Needs
// qemu-system-x86, a C compiler, apt-get and dpkg-deb; uses /dev/kvm where it is there. Prints a line of JSON a fact.
import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { initramfs } from './initramfs.mjs';

const MIRROR = 'http://deb.debian.org/debian';
const CPU = { kvm: ['-cpu', 'host,-arch-capabilities'], tcg: ['-cpu', 'max'] };
const SILENCE_MS = { kvm: 20_000, tcg: 300_000 };
const WHOLE_MS = { kvm: 120_000, tcg: 900_000 };

const { values } = parseArgs({
  options: { kernel: { type: 'string' }, suite: { type: 'string' }, append: { type: 'string', default: '' } },
});
const folder = mkdtempSync(join(tmpdir(), 'psutil-vm-'));
let good = false;
try {
  const kernel = values.kernel ?? debianKernel(values.suite);
  const initrd = join(folder, 'initrd');
  writeFileSync(initrd, initramfs(folder));
  good = await boot(kernel, initrd);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = good ? 0 : 1;

/** The path of a kernel that apt has fetched and checked. */
function debianKernel(suite) {
  const output = (program, ...args) => execFileSync(program, args, { cwd: folder, encoding: 'utf8' });
  const apt = suite === undefined ? [] : ofSuite(suite);
  const depends = output('apt-cache', ...apt, 'depends', 'linux-image-amd64');
  const [name] = depends.match(/linux-image-\d\S+/) ?? [];
  if (name === undefined) throw new Error(`linux-image-amd64 depends on no kernel:\n${depends}`);
  output('apt-get', ...apt, '-qq', '-o', 'APT::Sandbox::User=root', 'download', name);
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  output('dpkg-deb', '-x', archive, 'kernel');
  const boots = join(folder, 'kernel/boot');
  return join(
    boots,
    readdirSync(boots).find((file) => file.startsWith('vmlinuz')),
  );
}

/** Lists of packages of their own, so that this system's stay as they are. */
function ofSuite(suite) {
  const list = join(folder, 'sources.list');
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(list, `deb [signed-by=${keys}] ${MIRROR} ${suite} main\n`);
  const state = join(folder, 'lists');
  mkdirSync(join(state, 'partial'), { recursive: true });
  const settings = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': state,
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  execFileSync('apt-get', [...options, '-qq', 'update'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return options;
}

/** True where the machine has reported everything, and nothing differs. */
async function boot(kernel, initrd) {
  // A host that is a virtual machine itself may have a /dev/kvm in which no kernel starts.
  const reported = (isWritable('/dev/kvm') && (await run('kvm', kernel, initrd))) || (await run('tcg', kernel, initrd));
  if (reported === undefined) return false;
  for (const [what, value] of reported) console.log(`${what}: ${JSON.stringify(value)}`);
  const { supports, programs } = reported.get('bpf') ?? {};
  const isLoaded = supports === false || programs === 2;
  if (!isLoaded) console.error('the kernel has refused one of the two programs');
  return reported.has('procfs') && isLoaded && (reported.get('sources').differing ?? []).length === 0;
}

/** What the machine reported, by name; undefined where its kernel has printed nothing. */
async function run(accelerator, kernel, initrd) {
  const append = `console=ttyS0 panic=-1 ${values.append}`;
  const machine = ['-m', '2048', '-smp', '2', '-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio'];
  const files = ['-kernel', kernel, '-initrd', initrd, '-append', append];
  const child = spawn('qemu-system-x86_64', ['-accel', accelerator, ...CPU[accelerator], ...machine, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const silence = setTimeout(() => child.kill(), SILENCE_MS[accelerator]);
  const end = setTimeout(() => child.kill(), WHOLE_MS[accelerator]);
  const reported = new Map([['accelerator', accelerator]]);
  const others = [];
  let started = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Linux version')) {
      started = true;
      clearTimeout(silence);
    }
    const at = line.indexOf('RESULT ');
    if (at < 0) others.push(line);
    else {
      const { what, value } = JSON.parse(line.slice(at + 7));
      reported.set(what, value);
    }
  }
  clearTimeout(silence);
  clearTimeout(end);
  if (!reported.has('procfs'))
    console.error(`${accelerator}: not everything was reported:\n${others.slice(-30).join('\n')}`);
  return started ? reported : undefined;
}

function isWritable(path) {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
