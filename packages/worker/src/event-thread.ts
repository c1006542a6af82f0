import type { EventReader } from '@psutil-extra/native';
import { errorReply } from './reply.js';
import type { FromEventThread } from './wire.js';

type Send = (message: FromEventThread, transfer?: ArrayBuffer[]) => void;

/** Reads events whenever there are any, and sends them in messages. */
export class EventThread {
  readonly #reader: EventReader;
  readonly #names: readonly string[];
  /** Bytes that have been sent and not yet been read on the other side. */
  readonly #unread: Int32Array;
  readonly #send: Send;
  #isOver = false;

  constructor(reader: EventReader, names: readonly string[], unread: Int32Array, send: Send) {
    this.#reader = reader;
    this.#names = names;
    this.#unread = unread;
    this.#send = send;
  }

  open(sources: number): void {
    const opened = this.#reader.open(sources, () => this.#read());
    if ('source' in opened) this.#send({ kind: 'opened', source: this.#names[opened.source] as string });
    else {
      const failures = this.#names.map((source, index) => ({ source, failure: opened[index] ?? null }));
      this.#send({ kind: 'refused', failures });
    }
  }

  wantRenames(wanted: boolean): void {
    this.#reader.wantRenames(wanted);
  }

  /** Sends all that has happened by now, without waiting for more, and says so. */
  catchUp(id: number): void {
    for (let messages = 0; messages < MAX_MESSAGES && this.#sendOn(); messages++);
    this.#send({ kind: 'caughtUp', id });
  }

  #read(): void {
    this.#sendOn();
    if (this.#isOver) return;
    // The first event is sent at once. Those that follow it closely travel together, so that thousands a second do not keep
    // both threads busy with messages.
    this.#reader.listen(false);
    setTimeout(() => this.#listen(), GATHERING_MS);
  }

  /** Sends a message of what has happened; false if that was nothing, or there are no more events. */
  #sendOn(): boolean {
    if (this.#isOver) return false;
    const events = this.#reader.read();
    if (!(events instanceof ArrayBuffer)) {
      this.#isOver = true;
      this.#reader.close();
      this.#send({ kind: 'ended', error: events === undefined ? errorReply('no answer').error : { failure: events } });
      return false;
    }
    if (events.byteLength === 0) return false;
    Atomics.add(this.#unread, 0, events.byteLength);
    this.#send({ kind: 'events', events }, [events]);
    return true;
  }

  #listen(): void {
    if (this.#isOver) return;
    // If the other side does not read for a long time, its memory must not grow: the kernel's buffer does not.
    if (Atomics.load(this.#unread, 0) > MAX_UNREAD) setTimeout(() => this.#listen(), BUSY_MS);
    else this.#reader.listen(true);
  }
}

const GATHERING_MS = 4;
const BUSY_MS = 20;
const MAX_UNREAD = 8 * 1024 * 1024;
/** More than the kernel's buffers hold: a machine that never rests must not keep a caller waiting. */
const MAX_MESSAGES = 64;
