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

  #read(): void {
    const events = this.#reader.read();
    if (!(events instanceof ArrayBuffer)) {
      this.#reader.close();
      this.#send({ kind: 'ended', error: events === undefined ? errorReply('no answer').error : { failure: events } });
      return;
    }
    if (events.byteLength > 0) {
      Atomics.add(this.#unread, 0, events.byteLength);
      this.#send({ kind: 'events', events }, [events]);
    }
    // The first event is sent at once. Those that follow it closely travel together, so that thousands a second do not keep
    // both threads busy with messages.
    this.#reader.listen(false);
    setTimeout(() => this.#listen(), GATHERING_MS);
  }

  #listen(): void {
    // If the other side does not read for a long time, its memory must not grow: the kernel's buffer does not.
    if (Atomics.load(this.#unread, 0) > MAX_UNREAD) setTimeout(() => this.#listen(), BUSY_MS);
    else this.#reader.listen(true);
  }
}

const GATHERING_MS = 4;
const BUSY_MS = 20;
const MAX_UNREAD = 8 * 1024 * 1024;
