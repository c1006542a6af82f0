import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { FieldSet, Frame } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import type { Origin } from '../schema/fields.js';
import { readOptions } from '../support/call-options.js';
import { now } from '../support/timers.js';
import { Reading } from './reading.js';
import type { SampleFields } from './sample-fields.js';
import { SharedReadings } from './shared-readings.js';

/** One scan of every process. */
type EveryProcess = (fields: FieldSet) => Promise<{ readonly frames: readonly Frame[]; readonly source: string }>;

/** What samplers use of a client, and share. */
export class Sampling {
  readonly calls: CallRunner;
  readonly origin: Origin;
  readonly #scan: EveryProcess;
  readonly #shared = new Map<string, { readonly readings: SharedReadings; users: number }>();
  readonly #open = new Set<() => void>();
  #processors: Promise<number> | undefined;

  constructor(calls: CallRunner, scan: EveryProcess, origin: Origin) {
    this.calls = calls;
    this.origin = origin;
    this.#scan = scan;
  }

  /** The readings for a sampler, until it releases them. */
  readings({ read }: SampleFields, interval: number): { readonly readings: SharedReadings; release: () => void } {
    const key = `${read.bits} ${interval}`;
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      shared = { readings: new SharedReadings(() => this.#read(read), interval), users: 0 };
      this.#shared.set(key, shared);
    }
    const { readings } = shared;
    const used = shared;
    used.users++;
    return {
      readings,
      release: () => {
        if (--used.users === 0) this.#shared.delete(key);
      },
    };
  }

  /** Calls `end` when the client is closed. Returns what takes that back. */
  onClose(end: () => void): () => void {
    this.#open.add(end);
    return () => this.#open.delete(end);
  }

  /** How many processors there are, for all processes and not for this one. */
  processors(): Promise<number> {
    this.#processors ??= countProcessors();
    return this.#processors;
  }

  close(): void {
    for (const end of this.#open) end();
  }

  #read(fields: FieldSet): Promise<Reading> {
    return this.calls.runLong('sample', undefined, undefined, readOptions, async () => {
      const time = now();
      const timeOfDay = Date.now();
      const { frames, source } = await this.#scan(fields);
      return new Reading(time, timeOfDay, frames, source);
    });
  }
}

async function countProcessors(): Promise<number> {
  try {
    return numberOf(await readFile('/sys/devices/system/cpu/online', 'latin1'));
  } catch {
    return availableParallelism();
  }
}

/** Of a list such as `0-3,6`. */
function numberOf(list: string): number {
  return list
    .trim()
    .split(',')
    .reduce((sum, range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return sum + last - first + 1;
    }, 0);
}
