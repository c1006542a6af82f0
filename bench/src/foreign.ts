import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { folder } from './compile.js';

/** Libraries of other languages, as Debian packages them. Without their packages they are left out. */

const CRATES = '/usr/share/cargo/registry';
const GO_PATH = '/usr/share/gocode';

export const RUST = [
  {
    name: 'sysinfo 0.26 (Rust)',
    crate: 'sysinfo',
    reports: 'name, user, CPU usage, run time, memory, cmd',
    install: 'apt install cargo librust-sysinfo-dev librust-procfs-dev',
  },
  {
    name: 'procfs 0.14 (Rust)',
    crate: 'procfs',
    reports: '`stat`, `statm`, `status` (uid, not its name), cmdline',
    install: 'apt install cargo librust-sysinfo-dev librust-procfs-dev',
  },
] as const;

export const GO = {
  name: 'gopsutil 3.22 (Go)',
  reports: 'Name, Username, Times, MemoryInfo, CmdlineSlice',
  install: 'apt install golang-go golang-github-shirou-gopsutil-dev',
} as const;

let compiledRust: Promise<string | undefined> | undefined;

/** The program of the two crates; `undefined` where it cannot be compiled. */
export function rust(): Promise<string | undefined> {
  compiledRust ??= compiled(
    [`${CRATES}/sysinfo-0.26.7`, `${CRATES}/procfs-0.14.1`],
    'cargo',
    [
      'build',
      '--release',
      '--offline',
      '--quiet',
      '--target-dir',
      folder('build/rust'),
      '--config',
      `source.crates-io.replace-with="debian"`,
      '--config',
      `source.debian.directory="${CRATES}"`,
    ],
    'rust',
    'build/rust/release/usage',
  );
  return compiledRust;
}

export function go(): Promise<string | undefined> {
  return compiled(
    [`${GO_PATH}/src/github.com/shirou/gopsutil`],
    'go',
    ['build', '-o', folder('build/usage-go'), 'usage.go'],
    'go',
    'build/usage-go',
  );
}

async function compiled(
  needs: readonly string[],
  compiler: string,
  args: readonly string[],
  directory: string,
  program: string,
): Promise<string | undefined> {
  if (!needs.every((path) => existsSync(path))) return undefined;
  mkdirSync(folder('build'), { recursive: true });
  try {
    await promisify(execFile)(compiler, args, {
      cwd: folder(directory),
      env: { ...process.env, GO111MODULE: 'off', GOPATH: GO_PATH, GOFLAGS: '', GOCACHE: folder('build/go') },
    });
    return folder(program);
  } catch (error) {
    // A crate that it needs is not packaged with it, or the compiler is not there.
    console.error(`${program} is left out: ${(error as Error).message.split('\n').slice(0, 3).join(' ')}`);
    return undefined;
  }
}
