import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { FIELDS, type FieldRow, LAYOUT, STATES } from '@psutil-extra/native/protocol';
import { WorkerError } from '../support/errors.js';

/** Counts up whenever the messages of this folder change their meaning. */
export const PROTOCOL = 1;

/** What both sides must agree on to read a frame: its layout, its byte order, and the fields in their order and of their types. */
export const SCHEMA: string = createHash('sha256')
  .update(
    JSON.stringify([LAYOUT, endianness(), STATES, FIELDS.map(({ name, signature }: FieldRow) => [name, signature])]),
  )
  .digest('hex')
  .slice(0, 16);

/** The schema as it stands in messages. */
export const DIGEST: Uint8Array = Buffer.from(SCHEMA, 'hex');

/** The version of this package. */
export const VERSION: string = versionOfPackage();

function versionOfPackage(): string {
  try {
    const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version?: unknown };
    return String(manifest.version);
  } catch {
    // A bundle has no manifest beside it.
    return 'of a bundle';
  }
}

/** The versions of another machine. */
export interface Versions {
  readonly protocol: number;
  readonly schema: string;
  readonly version: string;
}

/** Why this program cannot read what a machine of these versions sends; `undefined` if it can. */
export function versionError(host: string, { protocol, schema, version }: Versions): WorkerError | undefined {
  if (protocol !== PROTOCOL) {
    return differs(
      `${host} speaks version ${protocol} of the protocol (psutil-extra ${version}), and this program version ${PROTOCOL} (psutil-extra ${VERSION})`,
    );
  }
  if (schema === SCHEMA) return undefined;
  return differs(
    `${host} has psutil-extra ${version} with the fields of schema ${schema}, and this program psutil-extra ${VERSION} with those of ${SCHEMA}`,
  );
}

/** The machine has another version than it had when it described itself. */
export function changedVersion(host: string, { version }: Pick<Versions, 'version'>): WorkerError {
  return differs(
    `${host} had psutil-extra ${version} when it described itself and has another version now, and this program has psutil-extra ${VERSION}`,
  );
}

function differs(what: string): WorkerError {
  return new WorkerError(`${what}: install the same version on both, and connect again`, WRONG_VERSION);
}

export const WRONG_VERSION = 'ERR_REMOTE_VERSION';
