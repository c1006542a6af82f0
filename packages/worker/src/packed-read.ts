import { ANY_START, FieldSet, ONLY } from '@psutil-extra/native/protocol';
import type { PackedRead, ReadRequest, UrgentRequest } from './wire.js';

/** The request as a number, if it is of that kind. */
export function packRead(request: UrgentRequest): PackedRead | undefined {
  if (request.op !== 'read' || typeof request.pids !== 'number' || request.pids < 0) return undefined;
  const { only } = FieldSet.fromBits(request.fields);
  if (only < 0 || request.starts !== ANY_START) return undefined;
  return (request.pids * MOST_FIELDS + only) * MOST_FLAGS + request.flags;
}

/** The request of a number. */
export function unpackRead(read: PackedRead): ReadRequest {
  const flags = read % MOST_FLAGS;
  const about = (read - flags) / MOST_FLAGS;
  const field = about % MOST_FIELDS;
  const { bits } = ONLY[field] as FieldSet;
  return { op: 'read', fields: bits, flags, pids: (about - field) / MOST_FIELDS, starts: ANY_START };
}

/** The bits of a set. */
const MOST_FIELDS = 64;
/** All bits of `ReadFlag`. */
const MOST_FLAGS = 16;
