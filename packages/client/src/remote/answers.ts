import {
  cellOf,
  DAMAGED,
  FIELDS,
  type FieldRow,
  FieldSet,
  type Frame,
  fixedValue,
} from '@psutil-extra/native/protocol';
import type { ListAnswer, WireError } from '@psutil-extra/worker';
import type { Machine } from '../support/capabilities.js';
import { WorkerError } from '../support/errors.js';
import { PartReader } from './answer-parts.js';
import { type AnswerRecord, decodeError, RecordKind } from './answer-records.js';
import { ByteReader, copyOf } from './bytes.js';
import { CheckedFrames } from './checked-frames.js';
import { areReplaced } from './remote-action.js';
import type { RemoteAct, RemoteList, RemoteRead, RemoteRequest, RemoteScan } from './request-codec.js';
import { changedVersion, type Versions } from './version.js';

/** An error that the host has sent in place of an answer. */
export class HostError extends Error {
  readonly wire: WireError;

  constructor(wire: WireError) {
    super('an error of the host');
    this.wire = wire;
  }
}

/** Reads the answers of one machine. Whatever bytes they have, it throws a WorkerError that names the machine, or a {@link HostError}. */
export class Answers {
  readonly #name: string;
  readonly #versions: Versions;
  readonly #frames: CheckedFrames;
  readonly damaged: (what: string) => WorkerError;

  constructor(machine: Machine, versions: Versions) {
    this.#name = machine.name;
    this.#versions = versions;
    this.damaged = (what) =>
      new WorkerError(
        `the answer of ${machine.name} is damaged: ${what}. Both sides must have the same version of psutil-extra, and nothing in between may change messages`,
        DAMAGED,
      );
    this.#frames = new CheckedFrames(machine, this.damaged);
  }

  /** Joins the parts of an answer to a request of this kind. */
  parts(op: RemoteRequest['op']): PartReader {
    return new PartReader(MOST_BYTES[op], this.damaged, () => changedVersion(this.#name, this.#versions));
  }

  read(records: readonly AnswerRecord[], { fields: bits, pids, whole, sets }: RemoteRead): Frame | number {
    const { kind, payload } = this.#only(records);
    const fields = FieldSet.fromBits(bits);
    if (kind === RecordKind.frame) return this.#frames.read(payload, fields, pids);
    if (kind !== RecordKind.number || pids.length !== 1 || whole || sets !== undefined) throw this.#unexpected();
    const { type, storage, view } = (FIELDS[fields.only] ?? {}) as Partial<FieldRow>;
    if (storage !== 'fixed' || view !== null || type === undefined) throw this.#unexpected();
    const number = this.#reader(payload).f64();
    if (!(Number.isSafeInteger(number) && number >= 0)) throw this.damaged('there is no number in it');
    fixedValue(type, cellOf(number), this.damaged);
    return number;
  }

  /** The frames of a scan, which is of every process if it names none. */
  scan(records: readonly AnswerRecord[], { fields: bits, pids }: Pick<RemoteScan, 'fields' | 'pids'>): Frame[] {
    return this.anyScan(records, pids, bits).frames;
  }

  /** As {@link scan}, with the fields that the host has read. */
  anyScan(
    records: readonly AnswerRecord[],
    pids?: Int32Array,
    bits?: number,
  ): { readonly frames: Frame[]; readonly fields: FieldSet; readonly source: string } {
    this.#throwError(records);
    const end = records.at(-1);
    if (end?.kind !== RecordKind.end || end.payload.length > MAX_SOURCE) throw this.damaged('it has no end');
    const reader = this.#reader(end.payload);
    const read = reader.f64();
    const source = Buffer.from(reader.bytes(reader.left)).toString('latin1');
    if (!/^[\w+.-]*$/.test(source)) throw this.damaged('where it comes from is no name');
    const fields = FieldSet.fromBits(Number.isSafeInteger(read) && read >= 0 ? read : 0);
    if (fields.bits !== (bits ?? read)) throw this.damaged('it is of other fields than were asked for');
    const frames = records.slice(0, -1);
    if (frames.some(({ kind }) => kind !== RecordKind.frame)) throw this.#unexpected();
    return {
      frames: this.#frames.scan(
        frames.map(({ payload }) => payload),
        fields,
        pids,
        source,
      ),
      fields,
      source,
    };
  }

  list(records: readonly AnswerRecord[], asked: RemoteList): ListAnswer {
    const { kind, payload } = this.#only(records);
    if (kind !== RecordKind.list || payload.length % 4 !== 0) throw this.#unexpected();
    const reader = this.#reader(payload);
    const cursor = reader.f64();
    const pids = new Int32Array(reader.block(reader.left));
    // Otherwise a listing would have no end.
    if (pids.length > 2 * asked.max + SOME) throw this.damaged('it lists more than was asked for');
    const goesOn = Number.isInteger(cursor) && cursor > asked.cursor && cursor < 2 ** 31 && pids.length > 0;
    if (cursor !== -1 && !goesOn) throw this.damaged('its listing does not go on');
    if (pids.some((pid) => pid < 0)) throw this.damaged('there are numbers in it that are no PIDs');
    return { pids, cursor };
  }

  act(records: readonly AnswerRecord[], { kind: action }: RemoteAct): BigUint64Array {
    const { kind, payload } = this.#only(records);
    if (kind !== RecordKind.values || payload.length % 8 !== 0) throw this.#unexpected();
    const values = new BigUint64Array(copyOf(payload));
    if (!areReplaced(action, values)) throw this.damaged('the values in it are not those of the action');
    return values;
  }

  boot(records: readonly AnswerRecord[]): { readonly id: string } {
    const { kind, payload } = this.#only(records);
    const id = Buffer.from(payload.subarray(0, MAX_SOURCE + 1)).toString('latin1');
    if (kind !== RecordKind.boot || id.length > MAX_SOURCE || !/^[\w.:-]*$/.test(id)) throw this.#unexpected();
    return { id };
  }

  /** The only record. Throws the error that it may be. */
  #only(records: readonly AnswerRecord[]): AnswerRecord {
    this.#throwError(records);
    const [record] = records;
    if (record === undefined || records.length > 1) throw this.damaged(`${records.length} records are in it, not one`);
    return record;
  }

  #throwError([record]: readonly AnswerRecord[]): void {
    if (record?.kind !== RecordKind.error) return;
    const error = decodeError(record.payload);
    if (error === undefined) throw this.damaged('there is an error in it that cannot be read');
    throw new HostError('failure' in error ? error : { ...error, message: `${this.#name}: ${error.message}` });
  }

  #reader(payload: Uint8Array): ByteReader {
    return new ByteReader(payload, this.damaged);
  }

  #unexpected(): WorkerError {
    return this.damaged('it is the answer to something else');
  }
}

/** The most bytes of an answer. A frame has about 1 MiB, or one process more; a process may have tens of thousands of mappings. */
const MOST_BYTES: { readonly [op in RemoteRequest['op']]: number } = {
  read: 64 * 2 ** 20,
  scan: 128 * 2 ** 20,
  list: 32 * 2 ** 20,
  act: 64 * 2 ** 10,
  boot: 64 * 2 ** 10,
};
const MAX_SOURCE = 64;
/** A listing has about as many as were asked for. */
const SOME = 4096;
