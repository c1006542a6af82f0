import { checkInteger, checkMaxDescriptors, checkSignal, invalidValue } from '../support/arguments.js';
import type { CallOptions, ReadOptions } from '../support/call-options.js';
import { checkOptions } from '../support/check-options.js';
import { didYouMean } from '../support/nearest.js';

/** Options of `sample()`. */
export interface SampleOptions<F extends readonly string[]> extends CallOptions {
  /** Which fields. Default: name, cpuPercent, memory. */
  readonly fields?: F | undefined;
  /** Milliseconds from one sample to the next. Default 1000, at least 50. */
  readonly interval?: number | undefined;
  /**
   * How many descriptors stay open between two readings, so that the next one costs less: one or more for each process. Default: the
   * client's `maxDescriptors`.
   */
  readonly maxDescriptors?: number | undefined;
}

/** Options of `proc.cpuPercent()`. */
export interface CpuPercentOptions extends CallOptions {
  /** Milliseconds for which it is measured. Default 1000, at least 50. */
  readonly interval?: number | undefined;
}

/** What the processes of `top()` have most of: processor time, resident memory, or bytes read and written. */
export type TopOrder = (typeof ORDERS)[number];

/** Options of `top()`. */
export interface TopOptions extends CpuPercentOptions {
  /** What they have most of. Default `'cpu'`. */
  readonly by?: TopOrder | undefined;
  /** How many. Default 10. */
  readonly count?: number | undefined;
}

export interface ReadIntervalOptions extends ReadOptions {
  readonly interval: number;
}

export interface ReadSampleOptions extends ReadIntervalOptions {
  readonly fields: unknown;
  readonly maxDescriptors: number | undefined;
}

export interface ReadTopOptions extends ReadIntervalOptions {
  readonly by: TopOrder;
  readonly count: number;
}

export function readIntervalOptions(options: object = {}): ReadIntervalOptions {
  checkOptions(options, INTERVAL);
  const { signal, interval } = options as { signal?: unknown; interval?: unknown };
  return { signal: checkSignal(signal), interval: checkInterval(interval) };
}

export function readSampleOptions(options: object = {}): ReadSampleOptions {
  checkOptions(options, SAMPLE);
  const { signal, interval, fields, maxDescriptors } = options as {
    [name in keyof SampleOptions<readonly string[]>]?: unknown;
  };
  return {
    signal: checkSignal(signal),
    interval: checkInterval(interval),
    fields,
    maxDescriptors: checkMaxDescriptors(maxDescriptors),
  };
}

export function readTopOptions(options: object = {}): ReadTopOptions {
  checkOptions(options, TOP);
  const { signal, interval, by = 'cpu', count = DEFAULT_COUNT } = options as { [name in keyof TopOptions]?: unknown };
  if (!(ORDERS as readonly unknown[]).includes(by)) {
    throw invalidValue('options.by', `must be one of ${ORDERS.join(', ')}${didYouMean(by, ORDERS)}`, by);
  }
  return {
    signal: checkSignal(signal),
    interval: checkInterval(interval),
    by: by as TopOrder,
    count: checkInteger('options.count', count, 1, MOST),
  };
}

function checkInterval(interval: unknown = DEFAULT_INTERVAL): number {
  return checkInteger('options.interval', interval, MIN_INTERVAL, MOST);
}

const INTERVAL = ['interval', 'signal'];
const SAMPLE = ['fields', 'interval', 'maxDescriptors', 'signal'];
const TOP = ['by', 'count', 'interval', 'signal'];
const ORDERS = ['cpu', 'memory', 'io'] as const;
const DEFAULT_INTERVAL = 1000;
const MIN_INTERVAL = 50;
const DEFAULT_COUNT = 10;
const MOST = 2 ** 31 - 1;
