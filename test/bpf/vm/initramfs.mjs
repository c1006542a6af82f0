// What the virtual machine finds in its memory: Node with its libraries, the built packages and what they need, and
// the programs of this test. An archive in cpio's newc format, which the kernel unpacks by itself.
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGES = join(HERE, '../../../packages');

export function initramfs(folder) {
  const init = compiled(folder, 'init', [join(HERE, 'init.c')]);
  const herd = compiled(folder, 'odd-herd', ['-pthread', join(HERE, '../odd-herd.c')]);
  const files = new Map([
    ['init', init],
    ['usr/bin/node', process.execPath],
    ['app/odd-herd', herd],
    ['app/guest.mjs', join(HERE, 'guest.mjs')],
    ['app/sources.mjs', join(HERE, '../sources.mjs')],
  ]);
  for (const library of librariesOf(process.execPath)) files.set(library.slice(1), realpathSync(library));
  addPackage(files, 'psutil-extra', join(PACKAGES, 'client'), ['dist']);
  addPackage(files, '@psutil-extra/worker', join(PACKAGES, 'worker'), ['dist']);
  addPackage(files, '@psutil-extra/native', join(PACKAGES, 'native'), ['dist', 'build/Release/psutil_extra.node']);
  for (const name of ['piscina', 'comlink']) addPackage(files, name, packageOf(name), ['dist']);
  return archive(files);
}

function compiled(folder, name, sources) {
  const program = join(folder, name);
  execFileSync('cc', ['-O1', '-static', '-Wall', '-o', program, ...sources], { stdio: 'inherit' });
  return program;
}

function librariesOf(program) {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path);
}

function packageOf(name) {
  const main = createRequire(join(PACKAGES, 'client/package.json')).resolve(name);
  return main.slice(0, main.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}`.length);
}

function addPackage(files, name, from, parts) {
  const to = `app/node_modules/${name}`;
  files.set(`${to}/package.json`, join(from, 'package.json'));
  for (const part of parts) add(files, `${to}/${part}`, join(from, part));
}

function add(files, to, from) {
  if (!lstatSync(from).isDirectory()) files.set(to, from);
  else for (const name of readdirSync(from)) add(files, `${to}/${name}`, join(from, name));
}

/** https://docs.kernel.org/driver-api/early-userspace/buffer-format.html */
function archive(files) {
  const chunks = [];
  const folders = new Set();
  const addFolder = (path) => {
    if (path === '.' || folders.has(path)) return;
    addFolder(dirname(path));
    folders.add(path);
    entry(path, 0o40755, Buffer.alloc(0));
  };
  const entry = (name, mode, data) => {
    const fields = [chunks.length + 1, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
    chunks.push(padded(Buffer.from(header)), padded(data));
  };
  for (const [name, path] of files) {
    addFolder(dirname(name));
    entry(name, 0o100755, readFileSync(path));
  }
  entry('TRAILER!!!', 0, Buffer.alloc(0));
  return Buffer.concat(chunks);
}

function padded(data) {
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}
