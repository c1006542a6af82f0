/** The names of Linux's capabilities, by their numbers: capabilities(7). */
export const CAPABILITIES = [
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
export type CapabilityName = (typeof CAPABILITIES)[number] | `CAP_${number}`;

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
