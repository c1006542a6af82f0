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
  readonly #source: string;
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
    return new EarlyEvents(reader, capabilities().eventSources[opened.source] ?? '');
  }

  private constructor(reader: EventReader, source: string) {
    this.#reader = reader;
    this.#source = source;
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

  /** The thread's events, which come from this source, without those that were taken. */
  others(events: readonly RawEvent[], source: string): RawEvent[] {
    return events.filter((event) => {
      const times = this.#taken.get(keyOf(event)) ?? [];
      const isSame = source === this.#source ? isAgain : event.kind === EventKind.exit ? isItsEnd : isNear;
      const place = times.findIndex((time) => isSame(time - event.time));
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
/**
 * Whether two events so many milliseconds apart are the same one: a source has one time for it. A number that is given again at
 * once may have its next event of this kind soon after.
 */
function isAgain(apart: number): boolean {
  return Math.abs(apart) < 0.05;
}

/** Another source has another time. */
function isNear(apart: number): boolean {
  return Math.abs(apart) < 5;
}

/** The end of a process takes the kernel a while: the thread's source reports its beginning, and netlink its end. */
function isItsEnd(apart: number): boolean {
  return apart > -0.05 && apart < 1000;
}
