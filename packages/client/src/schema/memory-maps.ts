/** A mapping of a process's memory; sizes in bytes. */
export interface MemoryMap {
  /** First address. */
  start: bigint;
  /** The first address after it. */
  end: bigint;
  /** `'r-xp'` and the like: proc_pid_maps(5). */
  permissions: string;
  /** Where it begins in the file. */
  offset: bigint;
  /** Device of the file: major and minor number in hexadecimal. */
  device: string;
  /** Inode number of the file; 0 if there is none. */
  inode: number;
  /** Path of the file, or a name such as `'[heap]'`; `null` for anonymous memory. */
  path: string | null;
  /** Whether the path is no longer there. */
  deleted: boolean;
  size: number;
  /** In memory. */
  rss: number;
  /** In memory; memory that several processes map is divided among them. */
  pss: number;
  sharedClean: number;
  sharedDirty: number;
  privateClean: number;
  privateDirty: number;
  /** Used lately. */
  referenced: number;
  /** Of no file. */
  anonymous: number;
  /** Swapped out. */
  swap: number;
}

/** @internal A mapping as it is in a frame. */
export type RawMapping = Omit<MemoryMap, 'path'> & { readonly path?: string };

/** @internal */
export function memoryMaps(raw: readonly RawMapping[]): MemoryMap[] {
  return raw.map((mapping) => {
    const { start, end, permissions, offset, device, inode, path = null, ...rest } = mapping;
    const made: MemoryMap = { start, end, permissions, offset, device, inode, path, ...rest };
    return Object.defineProperty(made, 'toJSON', { value: toJSON, configurable: true, writable: true });
  });
}

/** JSON has no bigints: addresses are hexadecimal text. */
function toJSON(this: MemoryMap): object {
  return { ...this, start: hex(this.start), end: hex(this.end), offset: hex(this.offset) };
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
