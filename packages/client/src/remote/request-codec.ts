import { ANY_START, type FieldBits, FieldSet, IDENTIFY, MAX_MASK_WORDS, ReadFlag } from '@psutil-extra/native/protocol';
import { nameOfAction } from './allowed.js';
import { ByteReader, ByteWriter } from './bytes.js';
import { DIGEST, PROTOCOL } from './version.js';

/** What one machine asks another: the requests of threads, without what only threads understand. */
export type RemoteRequest = RemoteRead | RemoteScan | RemoteList | RemoteAct | { readonly op: 'boot' };

/** Fields of processes. The answer is a frame, or a number if that is all. */
export interface RemoteRead {
  readonly op: 'read';
  readonly fields: FieldBits;
  /** Whether all fields of the sources are returned that are read anyway. */
  readonly whole: boolean;
  readonly pids: Int32Array;
  readonly starts: Float64Array | undefined;
  /** If the fields differ: the distinct sets, and for each PID the position of its set. */
  readonly sets: Float64Array | undefined;
  readonly setOf: Uint8Array | undefined;
}

/** Fields of every process, or of these, as a scan of the host returns them. */
export interface RemoteScan {
  readonly op: 'scan';
  readonly fields: FieldBits;
  /** Whether readings are compared with each other. */
  readonly sampled: boolean;
  readonly pids: Int32Array | undefined;
  readonly starts: Float64Array | undefined;
}

export interface RemoteList {
  readonly op: 'list';
  readonly cursor: number;
  readonly max: number;
}

export interface RemoteAct {
  readonly op: 'act';
  readonly pid: number;
  readonly start: number;
  readonly kind: number;
  readonly arguments: BigUint64Array;
}

/** A request that is not as {@link encodeRequest} writes it. */
export class BadRequest extends Error {
  /** Whether it is of another version, and perhaps good in that. */
  readonly isOfOtherVersion: boolean;

  constructor(what: string, isOfOtherVersion = false) {
    super(what);
    this.isOfOtherVersion = isOfOtherVersion;
  }
}

export function encodeRequest(request: RemoteRequest): Uint8Array {
  const writer = new ByteWriter().u16(MAGIC).u8(PROTOCOL, OPS.indexOf(request.op)).bytes(DIGEST);
  switch (request.op) {
    case 'read': {
      const { fields, whole, pids, starts, sets, setOf } = request;
      writer
        .f64(fields)
        .u8((whole ? WHOLE : 0) | (starts ? STARTS : 0), sets?.length ?? 0)
        .u16(pids.length)
        .bytes(pids);
      if (starts !== undefined) writer.bytes(starts);
      if (sets !== undefined && setOf !== undefined) writer.bytes(sets).bytes(setOf);
      break;
    }
    case 'scan': {
      const { fields, sampled, pids, starts } = request;
      const flags = (sampled ? SAMPLED : 0) | (starts ? STARTS : 0) | (pids ? PIDS : 0);
      writer
        .f64(fields)
        .u8(flags, 0)
        .u16(pids?.length ?? 0);
      if (pids !== undefined) writer.bytes(pids);
      if (starts !== undefined) writer.bytes(starts);
      break;
    }
    case 'list':
      writer.f64(request.cursor).f64(request.max);
      break;
    case 'act': {
      const { pid, start, kind, arguments: values } = request;
      writer.i32(pid).f64(start).u8(kind, 0).u16(values.length).bytes(values);
      break;
    }
    case 'boot':
      break;
  }
  return writer.done();
}

/** @throws BadRequest for everything that {@link encodeRequest} does not write. */
export function decodeRequest(bytes: Uint8Array): RemoteRequest {
  if (bytes.length > MAX_REQUEST)
    throw new BadRequest(`it has ${bytes.length} bytes, and at most ${MAX_REQUEST} are taken`);
  const reader = new ByteReader(bytes, (what) => new BadRequest(what));
  if (reader.u16() !== MAGIC) throw new BadRequest('it does not begin as one');
  const protocol = reader.u8();
  if (protocol !== PROTOCOL) throw new BadRequest(`it is of version ${protocol} of the protocol`, true);
  const op = OPS[reader.u8()];
  const schema = reader.bytes(DIGEST.length);
  if (!DIGEST.every((byte, i) => byte === schema[i])) {
    throw new BadRequest(`it is of schema ${Buffer.from(schema).toString('hex')}`, true);
  }
  const request = decodeBody(op, reader);
  reader.end();
  return request;
}

function decodeBody(op: RemoteRequest['op'] | undefined, reader: ByteReader): RemoteRequest {
  switch (op) {
    case 'read':
      return decodeRead(reader);
    case 'scan':
      return decodeScan(reader);
    case 'list': {
      const cursor = reader.f64();
      const max = reader.f64();
      if (!(Number.isInteger(cursor) && cursor >= 0 && cursor < 2 ** 31)) throw new BadRequest('its cursor is no PID');
      if (!(max >= 1)) throw new BadRequest('it wants no PIDs');
      return { op, cursor, max };
    }
    case 'act':
      return decodeAct(reader);
    case 'boot':
      return { op };
    default:
      throw new BadRequest('it is of no known kind');
  }
}

function decodeRead(reader: ByteReader): RemoteRead {
  const fields = fieldsIn(reader);
  const flags = flagsIn(reader, WHOLE | STARTS);
  const setCount = reader.u8();
  const count = reader.u16();
  if (count === 0 || count > MAX_PIDS) throw new BadRequest(`it names ${count} processes`);
  const pids = new Int32Array(reader.block(count * 4));
  const starts = flags & STARTS ? startsIn(reader, count, IDENTIFY) : undefined;
  const whole = (flags & WHOLE) !== 0;
  if (setCount === 0) return { op: 'read', fields, whole, pids, starts, sets: undefined, setOf: undefined };
  if (whole) throw new BadRequest('it wants whole sources of different fields');
  const sets = Float64Array.from({ length: setCount }, () => fieldsIn(reader));
  const setOf = new Uint8Array(reader.block(count));
  if (setOf.some((set) => set >= setCount)) throw new BadRequest('it has no such set of fields');
  if (sets.some((set) => !FieldSet.fromBits(fields).contains(FieldSet.fromBits(set)))) {
    throw new BadRequest('a set has fields that the request has not');
  }
  return { op: 'read', fields, whole, pids, starts, sets, setOf };
}

function decodeScan(reader: ByteReader): RemoteScan {
  const fields = fieldsIn(reader);
  const flags = flagsIn(reader, SAMPLED | STARTS | PIDS);
  if (reader.u8() !== 0) throw new BadRequest('it has unknown flags');
  const count = reader.u16();
  if (count > MAX_PIDS) throw new BadRequest(`it names ${count} processes`);
  const hasPids = (flags & PIDS) !== 0;
  if (!hasPids && (count > 0 || flags & STARTS)) throw new BadRequest('it names processes and means every one');
  const pids = hasPids ? new Int32Array(reader.block(count * 4)) : undefined;
  const starts = flags & STARTS ? startsIn(reader, count, ANY_START) : undefined;
  return { op: 'scan', fields, sampled: (flags & SAMPLED) !== 0, pids, starts };
}

/** The PIDs of reads may be any, as in calls; kill(2) would take 0 and less for groups. */
function decodeAct(reader: ByteReader): RemoteAct {
  const pid = reader.i32();
  const [start] = startsIn(reader, 1, ANY_START);
  const kind = reader.u8();
  if (reader.u8() !== 0 || nameOfAction(kind) === undefined) throw new BadRequest('it is no known action');
  const count = reader.u16();
  if (pid <= 0) throw new BadRequest(`it acts on PID ${pid}, which is no process's`);
  if (count === 0 || count > MAX_MASK_WORDS + 1) throw new BadRequest(`its action has ${count} values`);
  return { op: 'act', pid, start: start as number, kind, arguments: new BigUint64Array(reader.block(count * 8)) };
}

function fieldsIn(reader: ByteReader): FieldBits {
  const bits = reader.f64();
  if (
    !(Number.isInteger(bits) && bits >= 0 && bits <= Number.MAX_SAFE_INTEGER && FieldSet.fromBits(bits).bits === bits)
  ) {
    throw new BadRequest('it has fields that are not known');
  }
  return bits;
}

function flagsIn(reader: ByteReader, known: number): number {
  const flags = reader.u8();
  if ((flags & ~known) !== 0) throw new BadRequest('it has unknown flags');
  return flags;
}

function startsIn(reader: ByteReader, count: number, lowest: number): Float64Array {
  const starts = new Float64Array(reader.block(count * 8));
  const isStart = (start: number) =>
    Number.isFinite(start) && (start >= 0 || (start >= lowest && Number.isInteger(start)));
  if (!starts.every(isStart)) throw new BadRequest('a start is no time');
  return starts;
}

/** The flags of a request to threads, as far as another machine follows them. */
export function isWhole(flags: number): boolean {
  return (flags & ReadFlag.wholeSources) !== 0;
}

const OPS = ['read', 'scan', 'list', 'act', 'boot'] as const satisfies readonly RemoteRequest['op'][];
/** `px`. */
export const MAGIC = 0x7870;
const WHOLE = 1;
const STARTS = 2;
const SAMPLED = 4;
const PIDS = 8;
/** Twice what a scan requests at a time. */
const MAX_PIDS = 4096;
const MAX_REQUEST = 128 * 1024;
