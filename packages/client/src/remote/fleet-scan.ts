import { types } from 'node:util';
import { DEFAULT_FIELDS, FIELD_NAMES, type Field, fieldList, type NamedField } from '../schema/fields.js';
import { invalidType, invalidValue } from '../support/arguments.js';
import { checkOptions } from '../support/check-options.js';
import { errorFromWire } from '../support/errors.js';
import { ProcessTable } from '../table/process-table.js';
import { Answers, HostError } from './answers.js';
import { type HostDescription, readDescription } from './description.js';
import { checkName } from './host-name.js';
import { decoded } from './refusals.js';
import { encodeRequest } from './request-codec.js';

/** Options of `encodeScan()`. */
export interface EncodeScanOptions<F extends readonly NamedField[]> {
  /** Which fields. Default: umask, groups, sigmasks, pgid, sid. */
  readonly fields?: F | undefined;
}

/** Options of `decodeScan()`. */
export interface DecodeScanOptions {
  /** The host's name in messages. Default: `'the remote host'`. */
  readonly name?: string | undefined;
  /** What {@link encodeScan} has made for it: an answer with other fields is damaged. Without it, whatever fields it has are taken. */
  readonly request?: Uint8Array | undefined;
}

/**
 * A request for fields of every process, to be sent to any number of machines: each answers it in parts, of which
 * {@link decodeScan} makes a table.
 */
export function encodeScan<const F extends readonly NamedField[]>(options?: EncodeScanOptions<F>): Uint8Array {
  if (options !== undefined) checkOptions(options, ENCODE);
  const { fields = DEFAULT_FIELDS } = options ?? {};
  const { bits } = fieldList(fields).set;
  return encodeRequest({ op: 'scan', fields: bits, sampled: false, pids: undefined, starts: undefined });
}

/**
 * The table in the answer of a machine to {@link encodeScan}. All of it is checked here: the table throws nothing later.
 *
 * @throws what `scan()` of a client of that machine would reject with.
 */
export function decodeScan<F extends Field = Field>(
  parts: readonly Uint8Array[],
  description: HostDescription,
  options?: DecodeScanOptions,
): ProcessTable<F> {
  if (!Array.isArray(parts)) throw invalidType('parts', 'an array of Uint8Array', parts);
  if (options !== undefined) checkOptions(options, DECODE);
  const asked = fieldsOf(options?.request);
  const { machine, root, versions } = readDescription(description, checkName(options?.name));
  const origin = { root, machine };
  const answers = new Answers(machine, versions);
  const reader = answers.parts('scan');
  for (const part of parts) {
    if (reader.isWhole) throw answers.damaged('a part follows the last');
    reader.take(part);
  }
  if (!reader.isWhole) throw answers.damaged('it ends before its last part');
  try {
    const { frames, fields, source } = answers.anyScan(reader.records(), undefined, asked);
    const names = fields.positions.map((field) => FIELD_NAMES[field] as F);
    return new ProcessTable<F>(names, source, frames, origin);
  } catch (error) {
    throw error instanceof HostError ? errorFromWire(error.wire, 0, 'scan', origin) : error;
  }
}

/** The fields that a request of {@link encodeScan} is for. */
function fieldsOf(request: unknown): number | undefined {
  if (request === undefined) return undefined;
  if (!types.isUint8Array(request)) throw invalidType('options.request', 'an instance of Uint8Array', request);
  const asked = decoded(request);
  if ('op' in asked && asked.op === 'scan') return asked.fields;
  throw invalidValue('options.request', 'must be what encodeScan() has returned', request);
}

const ENCODE = ['fields'] as const satisfies readonly (keyof EncodeScanOptions<[]>)[];
const DECODE = ['name', 'request'] as const satisfies readonly (keyof DecodeScanOptions)[];
