import { type as systemType } from 'node:os';
import { isMusl } from './libc.js';

/** Everything that decides which addon fits. */
export interface Host {
  /** `process.platform`. */
  readonly platform: string;
  /** `process.arch`. */
  readonly arch: string;
  /** `os.type()`. */
  readonly type: string;
  /** Whether the C library is musl. It matters only on Linux. */
  readonly musl: boolean;
}

/** The host that this program runs on. */
export function thisHost(): Host {
  const { platform, arch } = process;
  return { platform, arch, type: systemType(), musl: platform === 'linux' && isMusl() };
}

/** A host's name, with which the name of its package ends: `linux-x64-musl`. */
export function nameOf({ platform, arch, type, musl }: Host): string {
  // In places Node takes DragonFly for FreeBSD. Their addons have the same format: one would load on the other system, and
  // read its structs wrongly.
  const system = type === 'DragonFly' ? 'dragonfly' : platform;
  return `${system}-${arch}${musl ? '-musl' : ''}`;
}
