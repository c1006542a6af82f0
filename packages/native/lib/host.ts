import { type as systemType } from 'node:os';
import { isMusl } from './libc.js';

/** What decides which addon fits, and nothing else. */
export interface Host {
  /** `process.platform`. */
  readonly platform: string;
  /** `process.arch`. */
  readonly arch: string;
  /** `os.type()`. */
  readonly type: string;
  /** Whether the C library is musl; of interest on Linux alone. */
  readonly musl: boolean;
}

/** The host that this program runs on. */
export function thisHost(): Host {
  const { platform, arch } = process;
  return { platform, arch, type: systemType(), musl: platform === 'linux' && isMusl() };
}

/** A host's name, which that of its package ends with: `linux-x64-musl`. */
export function nameOf({ platform, arch, type, musl }: Host): string {
  // Node takes DragonFly for FreeBSD in places. Their addons have the same format, and the one would load on
  // the other and read its structures wrong.
  const system = type === 'DragonFly' ? 'dragonfly' : platform;
  return `${system}-${arch}${musl ? '-musl' : ''}`;
}
