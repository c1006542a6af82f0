import type { MemoryColumn } from '../schema/fields.generated.js';
import type { Field } from '../schema/fields.js';
import type { ComputedColumn, ComputedColumns, IoRates, IoRatesColumn, TableField } from '../table/computed-column.js';
import { elapsedTimes, type Interval, increases } from './increases.js';
import type { Reading } from './reading.js';

/** The columns that a sample makes of two readings. They are made when they are used. */
export function sampledColumns(names: readonly TableField[], interval: Interval, processors: number): ComputedColumns {
  const made: { -readonly [K in TableField]?: ComputedColumn<K> } = {};
  if (names.includes('cpuPercent')) made.cpuPercent = new CpuPercent(interval, processors);
  if (names.includes('ioRates')) made.ioRates = new Rates(interval);
  if (names.includes('memory')) made.memory = new Sizes(interval.after);
  return made;
}

class CpuPercent implements ComputedColumn<'cpuPercent'> {
  readonly of: Field = 'cpuTimes';
  readonly #interval: Interval;
  readonly #most: number;
  #percents: Float64Array | undefined;

  constructor(interval: Interval, processors: number) {
    this.#interval = interval;
    this.#most = processors;
  }

  has(row: number): boolean {
    return !Number.isNaN(this.#all[row]);
  }

  value(row: number): number | null {
    const percent = this.#all[row] as number;
    return Number.isNaN(percent) ? null : percent;
  }

  column(): Float64Array {
    return this.#all.slice();
  }

  get #all(): Float64Array {
    this.#percents ??= cpuPercents(this.#interval, this.#most);
    return this.#percents;
  }
}

function cpuPercents(interval: Interval, processors: number): Float64Array {
  const elapsed = elapsedTimes(interval);
  const percents = increases(interval, 'cpuTimes', ['user', 'system']);
  const { length } = percents;
  for (let row = 0; row < length; row++) {
    percents[row] = percentOf(percents[row] as number, elapsed[row] as number, processors);
  }
  return percents;
}

/**
 * Processor time in percent of one processor. It is counted in ticks, and when a process was read is known to a part of a
 * millisecond: so it may seem more than all processors have, which is cut to what they have and one tick.
 */
export function percentOf(time: number, elapsed: number, processors: number): number {
  return (100 * Math.min(time, processors * elapsed + TICK_MS)) / elapsed;
}

class Rates implements ComputedColumn<'ioRates'> {
  readonly of: Field = 'io';
  readonly #interval: Interval;
  #rates: IoRatesColumn | undefined;

  constructor(interval: Interval) {
    this.#interval = interval;
  }

  has(row: number): boolean {
    return !Number.isNaN(this.#all.readBytes[row]);
  }

  value(row: number): IoRates | null {
    if (!this.has(row)) return null;
    const { readBytes, writeBytes } = this.#all;
    return { readBytes: readBytes[row] as number, writeBytes: writeBytes[row] as number };
  }

  column(): IoRatesColumn {
    const { readBytes, writeBytes } = this.#all;
    return { readBytes: readBytes.slice(), writeBytes: writeBytes.slice() };
  }

  get #all(): IoRatesColumn {
    const elapsed = elapsedTimes(this.#interval);
    const rate = (member: string) =>
      increases(this.#interval, 'io', [member]).map((bytes, row) => (bytes * 1000) / (elapsed[row] as number));
    this.#rates ??= { readBytes: rate('readBytes'), writeBytes: rate('writeBytes') };
    return this.#rates;
  }
}

/** `memory` without what takes another file. */
class Sizes implements ComputedColumn<'memory'> {
  readonly of: Field = 'memory';
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get #rss(): Float64Array {
    return this.#reading.sums('memory', RSS);
  }

  get #vms(): Float64Array {
    return this.#reading.sums('memory', VMS);
  }

  has(row: number): boolean {
    return !Number.isNaN(this.#rss[row]);
  }

  value(row: number): { rss: number; vms: number } | null {
    return this.has(row) ? { rss: this.#rss[row] as number, vms: this.#vms[row] as number } : null;
  }

  column(): MemoryColumn {
    const none = () => new Float64Array(this.#rss.length).fill(Number.NaN);
    return { rss: this.#rss.slice(), vms: this.#vms.slice(), shared: none(), text: none(), data: none() };
  }
}

const RSS = ['rss'];
const VMS = ['vms'];
/** Processor time is counted in ticks where the kernel does not count it more finely. */
const TICK_MS = 10;
