import type { Criteria, NamedField, ProcessTable } from 'psutil-extra';
import { createRemoteClient, decodeScan, encodeScan } from 'psutil-extra/remote';
import { answerOf, type Patience } from './answer.js';
import type { Directory } from './directory.js';
import type { Addressee } from './fleet-error.js';
import type { Link } from './link.js';
import type { Sighting } from './roster.js';
import { instanceSubject } from './subjects.js';

/** What is read of each host. */
export interface Question {
  readonly fields: readonly NamedField[] | undefined;
  readonly where: Criteria | undefined;
}

/** What a scan of one host works with. */
export interface HostScan {
  readonly link: Link;
  readonly directory: Directory;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** Called at each part that comes. */
  readonly alive: () => void;
}

/** Reads the processes of a host. */
export type HostReader = (sighting: Sighting, scan: HostScan) => Promise<ProcessTable>;

/** What reads the processes of a host. */
export function readerOf({ fields, where }: Question): HostReader {
  // The same bytes for all hosts. Wrong fields throw here, before a host is asked.
  const message = encodeScan({ fields });
  return where === undefined
    ? (sighting, scan) => readAll(sighting, scan, message)
    : (sighting, scan) => readMatching(sighting, scan, fields, where);
}

async function readAll(sighting: Sighting, scan: HostScan, message: Uint8Array): Promise<ProcessTable> {
  const { link, directory, patience, signal, alive } = scan;
  const parts: Uint8Array[] = [];
  for await (const part of answerOf(link, addressee(directory, sighting), message, patience, signal)) {
    alive();
    parts.push(part);
  }
  // Only now: this host answers, and one answer describes all that are equal.
  const description = await directory.describe(sighting, patience.silence, signal);
  return decodeScan(parts, description, { name: sighting.host, request: message });
}

async function readMatching(
  sighting: Sighting,
  scan: HostScan,
  fields: readonly NamedField[] | undefined,
  where: Criteria,
): Promise<ProcessTable> {
  const { link, directory, patience, signal, alive } = scan;
  const to = addressee(directory, sighting);
  const description = await directory.describe(sighting, patience.silence, signal);
  alive();
  const request = (message: Uint8Array) => answerOf(link, to, message, patience, signal);
  const client = createRemoteClient({ description, request }, { name: sighting.host });
  try {
    const pids = await client.find(where, { signal });
    return await client.scan({ fields, pids, signal });
  } finally {
    await client.close();
  }
}

export function addressee({ prefix }: Directory, { host, instance }: Sighting): Addressee {
  return { host, subject: instanceSubject(prefix, host, instance) };
}
