/** A platform that gets a compiled addon, in a package of its own. */
export interface Target {
  /** `<platform>-<arch>[-musl]`: of its package, of its folder, and on the command line. */
  readonly name: string;
  /** `process.platform` there. */
  readonly os: string;
  /** `process.arch` there. */
  readonly cpu: string;
  /** As in a manifest's `libc`, where one system has two. */
  readonly libc?: 'glibc' | 'musl';
  /** Its backend is `psutil_<system>_sources` in `packages/native/sources.gypi`. */
  readonly system: string;
  /** What zig calls it. The versions are the oldest that the binary is to run on. */
  readonly triple: string;
  /** The list in `release/imports` of what it may need from outside. */
  readonly imports: string;
}

const ZIG_CPU = { x64: 'x86_64', arm64: 'aarch64' } as const;
type Cpu = keyof typeof ZIG_CPU;

/** The one list: the prebuilds, the packages, the loader's test and the release are made from it. */
export const TARGETS: readonly Target[] = [
  linux('x64', 'glibc'),
  linux('arm64', 'glibc'),
  linux('x64', 'musl'),
  linux('arm64', 'musl'),
  target('darwin', 'x64', 'macos.11.0'),
  target('darwin', 'arm64', 'macos.11.0'),
  target('freebsd', 'x64', 'freebsd'),
  target('freebsd', 'arm64', 'freebsd'),
  target('netbsd', 'x64', 'netbsd'),
  target('openbsd', 'x64', 'openbsd'),
  target('openbsd', 'arm64', 'openbsd'),
];

/** The package that brings a target's addon. */
export function packageOf({ name }: Target): string {
  return `@psutil-extra/native-${name}`;
}

/** The targets that fit this machine, whichever libc it has: some package managers install both. */
export function targetsOfHost(): readonly Target[] {
  return TARGETS.filter(({ os, cpu }) => os === process.platform && cpu === process.arch);
}

/**
 * The targets of these names, or all; `host` stands for this machine's.
 *
 * @throws an error that lists the names there are.
 */
export function targetsNamed(names: readonly string[]): readonly Target[] {
  if (names.length === 0) return TARGETS;
  return names.flatMap((wanted) => {
    if (wanted === 'host') return targetsOfHost();
    const found = TARGETS.find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`no target ${wanted}: ${TARGETS.map(({ name }) => name).join(', ')}`);
    return found;
  });
}

function target(os: string, cpu: Cpu, zig: string): Target {
  return { name: `${os}-${cpu}`, os, cpu, system: os, triple: `${ZIG_CPU[cpu]}-${zig}`, imports: os };
}

function linux(cpu: Cpu, libc: 'glibc' | 'musl'): Target {
  const zig = libc === 'musl' ? 'linux-musl' : 'linux-gnu.2.17';
  const name = libc === 'musl' ? `linux-${cpu}-musl` : `linux-${cpu}`;
  return { ...target('linux', cpu, zig), name, libc, imports: `linux-${libc}` };
}
