import { type Damage, damagedReply } from './damage.js';

/** The kinds of events, as in `src/core/event_writer.h`. */
export const EventKind = Object.freeze({ fork: 1, exec: 2, exit: 3, lost: 4, rename: 5 } as const);
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** An event as a thread reports it. */
export interface RawEvent {
  readonly kind: EventKind;
  readonly pid: number;
  /** Of a fork the parent, of an exit the status as wait(2) has it, of lost events how many. */
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Of the process, as `startTime`; NaN where it is not known. */
  readonly start: number;
  /** `''` where it is not known. */
  readonly name: string;
  /** Of an exec, as it was given; `''` where it is not known. */
  readonly path: string;
}

/** The events in a message: `EventWriter` in `src/core/event_writer.h` writes them. */
export function* eventsIn(buffer: ArrayBuffer, fail: Damage = damagedReply): Generator<RawEvent, void, undefined> {
  const numbers = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  const times = new Float64Array(buffer, 0, buffer.byteLength >> 3);
  const bytes = Buffer.from(buffer);
  for (let at = 0; at < buffer.byteLength; ) {
    const word = at >> 2;
    const length = numbers[word] as number;
    const nameLength = numbers[word + 8] as number;
    const pathLength = numbers[word + 9] as number;
    if (
      !(length >= HEAD && length % 8 === 0 && at + length <= buffer.byteLength) ||
      !(nameLength >= 0 && pathLength >= 0 && HEAD + nameLength + pathLength <= length)
    ) {
      throw fail(`the event at ${at} has ${length} bytes`);
    }
    const name = at + HEAD;
    const path = name + nameLength;
    const event: RawEvent = {
      kind: numbers[word + 1] as EventKind,
      pid: numbers[word + 2] as number,
      value: numbers[word + 3] as number,
      time: times[(at >> 3) + 2] as number,
      start: times[(at >> 3) + 3] as number,
      name: nameLength === 0 ? '' : bytes.toString('utf8', name, path),
      path: pathLength === 0 ? '' : bytes.toString('utf8', path, path + pathLength),
    };
    yield event;
    at += length;
  }
}

const HEAD = 40;
