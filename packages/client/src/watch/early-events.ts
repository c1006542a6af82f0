import { type EventReader, loadAddon, WITHOUT_WAITING } from '@psutil-extra/native';
import { EventKind, eventsIn, type RawEvent } from '@psutil-extra/native/protocol';
import { damaged } from '../schema/thread-answers.js';
import { capabilities } from '../support/capabilities.js';
import { now } from '../support/timers.js';

/**
 * What happens before the thread of events has started: netlink keeps it in a socket, which takes a fifth of a millisecond to
 * open. The thread reports the last of it again, which is left out.
 */
export class EarlyEvents {
  readonly #reader: EventReader;
  /** The times of the events that were taken, by kind and process. */
  readonly #taken = new Map<string, number[]>();
  #until = Number.POSITIVE_INFINITY;

  /** `undefined` where that source is not allowed, or would have to be waited for. */
  static open(sources: number): EarlyEvents | undefined {
    if (capabilities().eventSources.length === 0) return undefined;
    const reader = new (loadAddon().EventReader)();
    const opened = reader.open(sources | WITHOUT_WAITING, () => {});
    if (!('source' in opened)) return undefined;
    reader.listen(false);
    return new EarlyEvents(reader);
  }

  private constructor(reader: EventReader) {
    this.#reader = reader;
  }

  /** What has happened so far. Called once, when the thread has begun to see events. */
  take(): RawEvent[] {
    const events: RawEvent[] = [];
    for (let messages = 0; messages < MAX_MESSAGES; messages++) {
      const read = this.#reader.read();
      if (!(read instanceof ArrayBuffer) || read.byteLength === 0) break;
      events.push(...eventsIn(read, damaged));
    }
    this.#reader.close();
    for (const event of events) {
      const times = this.#taken.get(keyOf(event));
      if (times === undefined) this.#taken.set(keyOf(event), [event.time]);
      else times.push(event.time);
    }
    this.#until = now() + WINDOW_MS;
    return events;
  }

  /** Whether the thread may still report what was taken. */
  get isOver(): boolean {
    return now() > this.#until;
  }

  /** The thread's events without those that were taken. */
  others(events: readonly RawEvent[]): RawEvent[] {
    return events.filter((event) => {
      const times = this.#taken.get(keyOf(event)) ?? [];
      const apart = event.kind === EventKind.exit ? EXIT_MS : SAME_MS;
      const place = times.findIndex((time) => Math.abs(time - event.time) < apart);
      if (place >= 0) times.splice(place, 1);
      return place < 0;
    });
  }

  close(): void {
    this.#reader.close();
  }
}

function keyOf({ kind, pid }: RawEvent): string {
  return `${kind} ${pid}`;
}

const MAX_MESSAGES = 64;
const WINDOW_MS = 5000;
/** How far apart two sources report the same event. */
const SAME_MS = 5;
/** The end of a process takes the kernel a while: one source reports its beginning, the other its end. */
const EXIT_MS = 1000;
