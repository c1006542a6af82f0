import { invalidValue } from '../support/arguments.js';
import { didYouMean } from '../support/nearest.js';
import { NamedSet } from './named-set.js';

/** The names of Linux's capabilities, by their numbers: capabilities(7). */
const NAMES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

/** A capability by name; `CAP_41` is one that has no name here. */
export type CapabilityName = (typeof NAMES)[number] | `CAP_${number}`;

/** A set of capabilities, by number and by name: a `Set` of numbers, which is cloned and compared as one, and which cannot be changed. */
export interface CapabilitySet extends ReadonlySet<number> {
  /**
   * Whether it has a capability: `12`, `'CAP_NET_ADMIN'`.
   *
   * @throws TypeError with `ERR_INVALID_ARG_VALUE` for a name that no capability has: `'net_admin'`.
   */
  // The last member of the union keeps completion, and accepts names that are known only at run time.
  has(capability: number | CapabilityName | (string & {})): boolean;
  /** The names in the order of the numbers. */
  names(): string[];
  /** As bits: bit 0 is CAP_CHOWN. */
  readonly mask: bigint;
  /** The names. */
  toJSON(): string[];
}

/** What a process may do beyond its user: capabilities(7). */
export interface Capabilities {
  /** By which permissions are checked. */
  readonly effective: CapabilitySet;
  /** Which it may make effective. */
  readonly permitted: CapabilitySet;
  /** Kept when it executes a program that has them too. */
  readonly inheritable: CapabilitySet;
  /** Which a program that it executes may get. */
  readonly bounding: CapabilitySet;
  /** Kept when it executes a program without capabilities. */
  readonly ambient: CapabilitySet;
}

/** @internal The set of these bits. */
export function capabilitySet(bits: bigint): CapabilitySet {
  return new CapabilityNumbers(bits);
}

class CapabilityNumbers extends NamedSet implements CapabilitySet {
  constructor(bits: bigint) {
    super();
    this.addBits(Number(BigInt.asIntN(32, bits)), 0);
    this.addBits(Number(BigInt.asIntN(32, bits >> 32n)), 32);
  }

  protected override get first(): number {
    return 0;
  }

  protected override numberOf(name: string): number {
    const known = (NAMES as readonly string[]).indexOf(name);
    if (known >= 0) return known;
    const number = Number(/^CAP_(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (number < 64) return number;
    throw invalidValue(
      'capability',
      `must be a capability's number or its name, such as 'CAP_NET_ADMIN'${didYouMean(name, NAMES, 'CAP_')}`,
      name,
    );
  }

  protected override nameOf(number: number): string {
    return NAMES[number] ?? `CAP_${number}`;
  }

  protected override get kind(): string {
    return 'CapabilitySet';
  }
}

// As that of its base.
Object.defineProperty(CapabilityNumbers.prototype, 'constructor', { value: Set, configurable: true, writable: true });
