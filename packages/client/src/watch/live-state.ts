import { EventKind, type RawEvent } from '@psutil-extra/native/protocol';
import type { LiveField, LiveReading, LiveValues, ReadProcesses } from './live-fields.js';
import { LiveRefresh } from './live-refresh.js';
import { LiveRows } from './live-rows.js';

interface Listener {
  changed(started: readonly number[], ended: readonly number[]): void;
  resynced(): void;
  failed(error: Error): void;
}

/**
 * Applies events to rows. While every process is read, events wait: an event that comes after the reading has begun is applied
 * to what was read, and if the reading has seen its effect already, that changes nothing.
 */
export class LiveState {
  readonly rows: LiveRows;
  readonly #read: ReadProcesses;
  readonly #fields: readonly LiveField[];
  readonly #listener: Listener;
  readonly #refresh: LiveRefresh;
  /** Whose parent has ended, and how often each was found to have the old parent still. */
  readonly #orphans = new Map<number, number>();
  /** Events that wait for a reading to end. */
  #waiting: RawEvent[] | undefined;
  #isBegun = false;
  #isLost = false;
  #isClosed = false;
  /** Whether events say everything but what is read after them: those of listings do not, and netlink's have no names. */
  #source = '';

  constructor(read: ReadProcesses, fields: readonly LiveField[], listener: Listener) {
    this.rows = new LiveRows(fields);
    this.#read = read;
    this.#fields = fields;
    this.#listener = listener;
    this.#refresh = new LiveRefresh({
      // Of those that are not in the table nothing is known.
      read: (pids) => read(pids.every((pid) => this.rows.has(pid)) ? this.#refreshed : fields, pids),
      apply: (readings) => this.#reread(readings),
      failed: (error) => listener.failed(error),
    });
    // Nothing is known before the first reading.
    this.#waiting = [];
  }

  /** Reads every process for the first time. */
  async begin(source: string): Promise<void> {
    this.#source = source;
    await this.#readAll();
    this.#isBegun = true;
  }

  received(events: readonly RawEvent[]): void {
    if (this.#isClosed) return;
    if (this.#waiting !== undefined) {
      // More than memory should hold: they are lost.
      if (this.#waiting.length + events.length > MAX_WAITING) this.#isLost = true;
      else this.#waiting.push(...events);
      return;
    }
    this.#apply(events, this.#listener);
    if (this.#isLost || (this.#source === 'listing' && events.length > 0)) void this.#resync();
  }

  failed(error: Error): void {
    if (this.#isBegun && !this.#isClosed) this.#listener.failed(error);
  }

  close(): void {
    this.#isClosed = true;
    this.#refresh.close();
    this.#waiting = undefined;
  }

  async #resync(): Promise<void> {
    const wasLost = this.#isLost;
    try {
      await this.#readAll();
      if (wasLost && !this.#isClosed) this.#listener.resynced();
    } catch (error) {
      if (!this.#isClosed) this.#listener.failed(error as Error);
    }
  }

  /** Reads every process, until no events are lost meanwhile. */
  async #readAll(): Promise<void> {
    const before = new Map<number, LiveValues['startTime']>();
    for (const pid of this.rows.pids()) before.set(pid, this.rows.values(pid)?.startTime);
    do {
      this.#isLost = false;
      this.#waiting = [];
      const readings = await this.#read(this.#fields, undefined);
      if (this.#isClosed) return;
      const gone = new Set(this.rows.pids());
      for (const { pid, values } of readings) {
        gone.delete(pid);
        this.rows.set(pid, values);
      }
      for (const pid of gone) {
        this.rows.delete(pid);
        this.#refresh.forget(pid);
      }
      const events = this.#waiting;
      this.#apply(events, undefined);
    } while (this.#isLost);
    this.#waiting = undefined;
    if (this.#isBegun) this.#report(before);
  }

  /** What a reading of everything has changed. */
  #report(before: ReadonlyMap<number, LiveValues['startTime']>): void {
    const startOf = (pid: number) => this.rows.values(pid)?.startTime;
    const ended = [...before].filter(([pid, start]) => startOf(pid) !== start).map(([pid]) => pid);
    const started = [...this.rows.pids()].filter((pid) => startOf(pid) !== before.get(pid));
    if (started.length + ended.length > 0) this.#listener.changed(started, ended);
  }

  /** Without a listener, the events are those that came during a reading. */
  #apply(events: readonly RawEvent[], listener: Listener | undefined): void {
    const started: number[] = [];
    const ended: number[] = [];
    for (const event of events) {
      const { pid } = event;
      switch (event.kind) {
        case EventKind.fork:
          if (this.#forked(event, listener === undefined)) started.push(pid);
          break;
        case EventKind.exit:
          if (this.#exited(event)) ended.push(pid);
          break;
        case EventKind.exec:
        case EventKind.rename:
          this.#renamed(event);
          break;
        case EventKind.lost:
          this.#isLost = true;
          break;
      }
    }
    if (started.length + ended.length > 0) listener?.changed(started, ended);
  }

  /** A new process has its parent's program. */
  #forked({ pid, value: parent, start, time, name }: RawEvent, isReading: boolean): boolean {
    const known = this.rows.values(pid)?.startTime ?? undefined;
    // It has been read already, or even the next process with its number.
    if (known !== undefined && (Number.isNaN(start) ? isReading || known >= time - TICK_MS : known >= start))
      return false;
    if (parent > 0 && !this.rows.has(parent)) this.#refresh.add(parent);
    const { exe = null, cmdline = null, name: parentName = null } = this.rows.values(parent) ?? {};
    this.rows.delete(pid);
    this.#refresh.forget(pid);
    this.rows.set(pid, {
      name: this.#isNamed(name) ? name : parentName,
      ppid: parent,
      startTime: Number.isNaN(start) ? time : start,
      exe,
      cmdline,
    });
    if (this.#source !== 'bpf' || !this.rows.has(parent)) this.#refresh.add(pid);
    return true;
  }

  #exited({ pid, time }: RawEvent): boolean {
    const values = this.rows.values(pid);
    if (values === undefined) this.#refresh.forget(pid);
    // The reading has seen the next process with this number.
    if (values === undefined || (values.startTime ?? 0) > time) return false;
    this.rows.delete(pid);
    this.#refresh.forget(pid);
    this.#orphans.delete(pid);
    for (const child of this.rows.children(pid)) {
      this.#orphans.set(child, 0);
      this.#refresh.add(child);
    }
    return true;
  }

  /** By exec, or by itself. */
  #renamed({ kind, pid, time, name }: RawEvent): void {
    const values = this.rows.values(pid);
    // It runs and is not in the table.
    if (values === undefined) this.#refresh.add(pid);
    if (values === undefined || (values.startTime ?? 0) > time) return;
    if (this.#isNamed(name)) this.rows.set(pid, { name });
    this.#refresh.outdate(pid);
    if (kind === EventKind.rename ? !this.#isNamed(name) : this.#refreshed.length > 0) this.#refresh.add(pid);
  }

  /** A process may have the empty name. Events of other sources have it if the name is not known. */
  #isNamed(name: string): boolean {
    return name !== '' || this.#source === 'bpf';
  }

  /** The fields that events do not bring. */
  get #refreshed(): readonly LiveField[] {
    return this.#source === 'bpf'
      ? this.#fields.filter((field) => field === 'exe' || field === 'cmdline')
      : this.#fields;
  }

  /**
   * What was read a moment after an event. A process that is not in the table begins here: there are kernels that report no start
   * of some processes, but report the programs that they execute and the processes that they start. One that has ended has been
   * forgotten.
   */
  #reread(readings: readonly LiveReading[]): void {
    const started: number[] = [];
    for (const { pid, values } of readings) {
      const known = this.rows.values(pid);
      if (known === undefined) started.push(pid);
      // Of netlink's events the start is only known nearly; BPF's is exact.
      else if (this.#source === 'bpf' && known.startTime !== values.startTime) continue;
      this.rows.set(pid, values);
      this.#lookForParent(pid, values.ppid);
    }
    if (started.length > 0) this.#listener.changed(started, []);
  }

  /** A process gets another parent a moment after its own has ended, at most: the kernel has more to do at an end. */
  #lookForParent(pid: number, parent: number | null | undefined): void {
    const tries = this.#orphans.get(pid);
    if (tries === undefined) return;
    if (parent === null || parent === undefined || parent === 0 || this.rows.has(parent) || tries >= MAX_TRIES) {
      this.#orphans.delete(pid);
      return;
    }
    this.#orphans.set(pid, tries + 1);
    this.#refresh.add(pid, Math.min(10 * 2 ** tries, MAX_DELAY_MS));
  }
}

const MAX_WAITING = 1_000_000;
const MAX_TRIES = 100;
const MAX_DELAY_MS = 1000;
/** By which a start that was read may be before the event. */
const TICK_MS = 10;
