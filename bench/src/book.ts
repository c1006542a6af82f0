import type { Deed } from './actors.js';
import type { Spread } from './measure.js';

/** A line of the table that the project holds itself to. */
export interface Line {
  readonly what: string;
  readonly limit: number;
  /** `ratio` without a unit. */
  readonly unit: 'ratio' | 'µs' | 'ms' | 'MB';
  /** Set where more is better. */
  readonly atLeast?: boolean;
  readonly measured: Spread;
}

/** A time without a limit. */
export interface Absolute {
  readonly what: string;
  readonly unit: string;
  readonly measured: Spread;
}

/** The outcome of a library's task: a value, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** A library's scan over a herd. */
export interface ScanPoint {
  readonly library: string;
  readonly processes: number;
  readonly outcome: Outcome<Spread>;
}

/** A scan of what `ps aux` shows, with what it costs a process, and beside the C floor of the same files. */
export interface UsagePoint {
  readonly library: string;
  readonly reports: string;
  readonly install: string;
  readonly outcome: Outcome<{ readonly time: Spread; readonly ratio: Spread }>;
}

/** The tree of a process, listed or killed, or a process found. */
export interface ActPoint {
  readonly deed: Deed;
  readonly library: string;
  readonly does: string;
  readonly outcome: Outcome<{
    /** Milliseconds. */
    readonly time: Spread;
    /** To ours. */
    readonly ratio: Spread;
    /** How long an event waits meanwhile, in milliseconds. */
    readonly p99: Spread;
  }>;
}

/** A program that samples all processes once a second. */
export interface SamplerPoint {
  readonly sampler: string;
  readonly reports: string;
  readonly install: string;
  readonly outcome: Outcome<{
    /** Milliseconds of processor time a sample, of all its threads and of the programs that it starts. */
    readonly time: Spread;
    /** To the least of the others. */
    readonly ratio: Spread;
  }>;
}

/** How long an event that happens while a library scans waits for its turn, in milliseconds. */
export interface Delay {
  readonly median: number;
  readonly p99: number;
  readonly worst: number;
  /** Scans a second meanwhile. */
  readonly scans: number;
}

export interface DelayPoint {
  readonly library: string;
  readonly outcome: Outcome<Delay>;
}

export interface Load {
  readonly requests: number;
  readonly p99: number;
  readonly scans: number;
}

export interface LoadPoint {
  readonly scanning: string;
  readonly outcome: Outcome<Load>;
}

/** All that a run has found out. */
export class Book {
  readonly lines: Line[] = [];
  readonly absolutes: Absolute[] = [];
  readonly scans: ScanPoint[] = [];
  readonly usages: UsagePoint[] = [];
  readonly delays: DelayPoint[] = [];
  readonly loads: LoadPoint[] = [];
  readonly acts: ActPoint[] = [];
  readonly samplers: SamplerPoint[] = [];
}

/** Whether a line's limit is kept. */
export function kept({ measured, limit, atLeast }: Line): boolean {
  return atLeast === true ? measured.median >= limit : measured.median <= limit;
}
