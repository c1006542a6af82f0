import {
  ANY_START,
  type Failure,
  type FieldBits,
  type FieldSet,
  type Frame,
  NO_FIELDS,
} from '@psutil-extra/native/protocol';
import type { ReadRequest, WireError } from '@psutil-extra/worker';
import { type FieldSource, failureIn } from '../schema/field-source.js';

/** The entries of one message. All their callers wait for one promise. */
export class Chunk {
  readonly entries: Entry[] = [];
  readonly done: Promise<void>;
  frame: Frame | undefined;
  /** Instead of a frame: the only number that was read. */
  scalar = 0;
  error: WireError | undefined;
  readonly #flags: number;
  /** The entries of the last message. */
  #requested: Entry[] = [];
  #resolve!: () => void;

  constructor(flags: number) {
    this.#flags = flags;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Ends the wait of all callers, with an error if there is one. */
  settle(error?: WireError): void {
    this.error = error;
    this.#resolve();
  }

  /** Takes a frame that covers only the first requested entries. Returns whether any are left, for another request. */
  takePart(frame: Frame): boolean {
    for (let row = 0; row < frame.rows; row++) this.#requested[row]?.take(frame, row);
    return this.#requested.length > frame.rows;
  }

  /** The message with all entries that have no frame yet. `undefined` if every caller has left. */
  request(): ReadRequest | undefined {
    const requested: Entry[] = [];
    let fields = NO_FIELDS;
    let alike = true;
    let hasStarts = false;
    for (const entry of this.entries) {
      const wanted = entry.wanted();
      if (wanted.isEmpty || entry.isFound) continue;
      entry.position = requested.length;
      entry.fields = wanted;
      alike &&= requested.length === 0 || wanted.equals(fields);
      hasStarts ||= entry.start !== ANY_START;
      fields = fields.union(wanted);
      requested.push(entry);
    }
    this.#requested = requested;
    const [first] = requested;
    if (first === undefined) return undefined;
    const { bits } = fields;
    const flags = this.#flags;
    if (requested.length === 1) return { op: 'read', fields: bits, flags, pids: first.pid, starts: first.start };
    return {
      op: 'read',
      fields: bits,
      flags,
      pids: Int32Array.from(requested, (entry) => entry.pid),
      ...(hasStarts && { starts: Float64Array.from(requested, (entry) => entry.start) }),
      ...(!alike && flags === 0 && tableOfSets(requested)),
    };
  }
}

/** The distinct sets of these entries, and for each entry the position of its set. */
function tableOfSets(entries: readonly Entry[]): { sets: Float64Array; setOf: Uint8Array } {
  const positions = new Map<FieldBits, number>();
  const setOf = Uint8Array.from(entries, ({ fields: { bits } }) => {
    const position = positions.get(bits) ?? positions.size;
    positions.set(bits, position);
    return position;
  });
  return { sets: Float64Array.from(positions.keys()), setOf };
}

/** A process that is read in this turn and, when its chunk is done, the row of its values. */
export class Entry implements FieldSource {
  readonly pid: number;
  readonly start: number;
  /** The fields of callers that cannot leave. */
  fields: FieldSet;
  /** The requests of callers that may leave, or add fields, before the message is sent. */
  conditional: Conditional[] | undefined;
  readonly chunk: Chunk;
  /** Another entry of the same PID: a number and a `Process` may mean different processes. */
  readonly next: Entry | undefined;
  /** Its row in the frame; −1 until it is sent. */
  position = -1;
  /** The frame with its row, if that is not the frame of the chunk. */
  #frame: Frame | undefined;

  constructor(pid: number, start: number, fields: FieldSet, chunk: Chunk, next: Entry | undefined) {
    this.pid = pid;
    this.start = start;
    this.fields = fields;
    this.chunk = chunk;
    this.next = next;
  }

  get isSent(): boolean {
    return this.position >= 0;
  }

  /** Takes the row that a read of every process found for this PID. Such a read does not check when the process began. */
  found(frame: Frame, row: number): void {
    if (this.start === ANY_START) this.take(frame, row);
    this.next?.found(frame, row);
  }

  /** Takes a row of its own. */
  take(frame: Frame, row: number): void {
    this.#frame = frame;
    this.position = row;
  }

  get isFound(): boolean {
    return this.#frame !== undefined;
  }

  failure(field: number): Failure | undefined {
    const frame = this.frame();
    return frame && failureIn(frame, this.position, field);
  }

  frame(): Frame | undefined {
    return this.#frame ?? this.chunk.frame;
  }

  row(): number {
    return this.position;
  }

  get scalar(): number {
    return this.chunk.scalar;
  }

  /** The fields of all callers that still wait. */
  wanted(): FieldSet {
    let fields = this.fields;
    for (const request of this.conditional ?? []) if (!request.left) fields = fields.union(request.fields);
    return fields;
  }
}

/** A request that its caller may change or withdraw until it is sent. */
export interface Conditional {
  readonly fields: FieldSet;
  readonly left: boolean;
}
