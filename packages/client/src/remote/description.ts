import type { Capabilities, Named } from '@psutil-extra/native';
import { DAMAGED, FieldSet } from '@psutil-extra/native/protocol';
import type { Machine } from '../support/capabilities.js';
import { WorkerError } from '../support/errors.js';
import { ALLOWED, type Allowed } from './allowed.js';
import { CONTROL } from './answer-records.js';
import { type Versions, versionError } from './version.js';

/** What a client of another machine must know of it: plain data, which survives JSON. */
export interface HostDescription {
  /** The version of the protocol. */
  readonly protocol: number;
  /** A digest of the fields and of how they are sent: it is the same on both sides. */
  readonly schema: string;
  /** The version of psutil-extra there. */
  readonly version: string;
  /** `process.platform` there. */
  readonly platform: string;
  /** `process.arch` there. */
  readonly architecture: string;
  /** The proc root that is read. */
  readonly root: string;
  /** Whether that is of the same PID namespace as what reads it. */
  readonly isOwnRoot: boolean;
  /** The PID of the program that reads. */
  readonly reader: number;
  /** How many processors the machine has. */
  readonly processors: number;
  /** What is allowed beyond reading. */
  readonly allowed: readonly Allowed[];
  /** What the system can do, and is allowed. */
  readonly capabilities: DescribedCapabilities;
}

/** What the system of another machine can do. */
export interface DescribedCapabilities {
  readonly backend: string;
  readonly reading: string;
  /** The fields that it has, a bit each. */
  readonly fields: number;
  readonly signalSets: number;
  readonly list: boolean;
  readonly getRlimit: string;
  readonly setRlimit: string;
  /** The actions that it performs, a bit each. */
  readonly actions: number;
  /** Names and numbers of resource limits. */
  readonly resources: readonly (readonly [string, number])[];
  /** Names and numbers of signals. */
  readonly signals: readonly (readonly [string, number])[];
  /** What the counts of reads are of. */
  readonly sources: readonly string[];
}

/** @internal A description that has been checked. */
export interface Described {
  readonly machine: Machine;
  readonly root: string;
  readonly isOwnRoot: boolean;
  readonly versions: Versions;
}

/**
 * @internal Reads a description, which another machine has sent.
 *
 * @throws WorkerError if this program cannot read what that machine sends, or if it is no description.
 */
export function readDescription(description: HostDescription, name: string): Described {
  const reader = new DescriptionReader(name);
  const all = reader.object(description, 'it');
  const versions = {
    protocol: reader.integer(all['protocol'], 'protocol', 0, 2 ** 31),
    schema: reader.text(all['schema'], 'schema'),
    version: reader.text(all['version'], 'version'),
  };
  const error = versionError(name, versions);
  if (error !== undefined) throw error;
  const platform = reader.text(all['platform'], 'platform');
  if (!PLATFORMS.has(platform)) {
    throw new WorkerError(
      `${name} runs on ${platform} (psutil-extra ${versions.version}), a system that this program's psutil-extra does not know`,
      'ERR_REMOTE_VERSION',
    );
  }
  const root = all['root'];
  if (typeof root !== 'string' || root.length > 4096 || CONTROL.test(root)) throw reader.damaged('root');
  const allowed = reader.list(all['allowed'], 'allowed');
  if (!allowed.every((each) => ALLOWED.includes(each as Allowed))) throw reader.damaged('allowed');
  return {
    machine: {
      name,
      capabilities: capabilitiesFrom(reader, reader.object(all['capabilities'], 'capabilities')),
      processors: reader.integer(all['processors'], 'processors', 1, 2 ** 20),
      reader: reader.integer(all['reader'], 'reader', 0, 2 ** 31 - 1),
    },
    root,
    isOwnRoot: reader.flag(all['isOwnRoot'], 'isOwnRoot'),
    versions,
  };
}

function capabilitiesFrom(reader: DescriptionReader, all: { readonly [name: string]: unknown }): Capabilities {
  const bits = (name: string) => reader.integer(all[name], name, 0, Number.MAX_SAFE_INTEGER);
  const fields = FieldSet.fromBits(bits('fields')).bits;
  return {
    backend: reader.text(all['backend'], 'backend'),
    reading: reader.text(all['reading'], 'reading'),
    fields,
    bulk: 0,
    signalSets: bits('signalSets'),
    list: reader.flag(all['list'], 'list'),
    getRlimit: reader.reach(all['getRlimit'], 'getRlimit'),
    setRlimit: reader.reach(all['setRlimit'], 'setRlimit'),
    resources: reader.numbers(all['resources'], 'resources', /^RLIMIT_[A-Z]{1,32}$/),
    signals: reader.numbers(all['signals'], 'signals', /^SIG[A-Z][A-Z0-9]{0,31}$/),
    sources: reader.list(all['sources'], 'sources').map((each) => reader.text(each, 'sources')),
    walk: null,
    readsList: false,
    eventSources: [],
    actions: reader.integer(all['actions'], 'actions', 0, 2 ** 31 - 1),
    waits: false,
  };
}

/** Reads members that may be anything. */
class DescriptionReader {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  damaged(member: string): WorkerError {
    return new WorkerError(`the description of ${this.#name} is damaged: ${member} is not what it should be`, DAMAGED);
  }

  object(value: unknown, member: string): { readonly [name: string]: unknown } {
    if (typeof value !== 'object' || value === null) throw this.damaged(member);
    return value as { readonly [name: string]: unknown };
  }

  integer(value: unknown, member: string, least: number, most: number): number {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw this.damaged(member);
    return value as number;
  }

  flag(value: unknown, member: string): boolean {
    if (typeof value !== 'boolean') throw this.damaged(member);
    return value;
  }

  /** A short word: it stands in messages. */
  text(value: unknown, member: string): string {
    if (typeof value !== 'string' || !/^[\w./:+@*() -]{1,64}$/.test(value)) throw this.damaged(member);
    return value;
  }

  reach(value: unknown, member: string): Capabilities['getRlimit'] {
    if (value !== 'none' && value !== 'own' && value !== 'any') throw this.damaged(member);
    return value;
  }

  list(value: unknown, member: string): readonly unknown[] {
    if (!Array.isArray(value) || value.length > MAX_LISTED) throw this.damaged(member);
    return value;
  }

  /** Names and numbers. A name becomes a property. */
  numbers(value: unknown, member: string, pattern: RegExp): Named[] {
    return this.list(value, member).map((each) => {
      const [name, number] = this.list(each, member);
      if (typeof name !== 'string' || !pattern.test(name)) throw this.damaged(member);
      return { name, number: this.integer(number, member, 0, 1023) };
    });
  }
}

/** Those that this version has a backend for, and Windows and AIX, on which it loads. */
const PLATFORMS: ReadonlySet<string> = new Set([
  'aix',
  'android',
  'cygwin',
  'darwin',
  'dragonfly',
  'freebsd',
  'haiku',
  'linux',
  'netbsd',
  'openbsd',
  'sunos',
  'win32',
]);
const MAX_LISTED = 256;
