import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { FieldSet } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import { readOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { now } from '../support/timers.js';
import type { SamplerHome } from '../threads/home.js';
import { Reading } from './reading.js';
import type { SampleFields } from './sample-fields.js';
import type { ReadSampleOptions } from './sample-options.js';
import { Sampler, type Scanned } from './sampler.js';
import { SharedReadings } from './shared-readings.js';

/** How every process is read. */
export interface EveryProcess {
  scan(fields: FieldSet, sampler: SamplerHome): Promise<Scanned>;
  /** Closes what the sampler's thread keeps open for it. */
  end(sampler: SamplerHome): void;
}

/** What samplers use of a client, and share. */
export class Sampling {
  readonly calls: CallRunner;
  readonly origin: Origin;
  readonly #everyProcess: EveryProcess;
  /** The default of samplers. */
  readonly #maxDescriptors: number | undefined;
  #lastSampler = 0;
  readonly #shared = new Map<string, Shared>();
  readonly #open = new Set<() => void>();
  #processors: Promise<number> | undefined;

  constructor(calls: CallRunner, everyProcess: EveryProcess, settings: SamplingSettings) {
    this.calls = calls;
    this.origin = settings.origin;
    this.#everyProcess = everyProcess;
    this.#maxDescriptors = settings.maxDescriptors;
  }

  /** The readings for a sampler, until it releases them. */
  readings(
    { read }: SampleFields,
    { interval, maxDescriptors = this.#maxDescriptors }: ReadSampleOptions,
  ): { readonly readings: SharedReadings; release: () => void } {
    const key = `${read.bits} ${interval} ${maxDescriptors}`;
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      const processes = this.#everyProcess;
      const sampler = new Sampler(
        ++this.#lastSampler,
        { interval, maxDescriptors },
        (each) => processes.scan(read, each),
        (each) => processes.end(each),
      );
      shared = { readings: new SharedReadings(() => this.#read(sampler), interval), sampler, users: 0 };
      this.#shared.set(key, shared);
    }
    const used = shared;
    used.users++;
    return {
      readings: used.readings,
      release: () => {
        if (--used.users > 0) return;
        this.#shared.delete(key);
        used.sampler.end();
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
    this.#processors ??=
      this.origin.machine === undefined ? countProcessors() : Promise.resolve(this.origin.machine.processors);
    return this.#processors;
  }

  close(): void {
    for (const end of this.#open) end();
  }

  #read(sampler: Sampler): Promise<Reading> {
    const read = async () => {
      const time = now();
      const timeOfDay = Date.now();
      const { frames, source } = await sampler.read();
      return new Reading(time, timeOfDay, frames, source);
    };
    return this.calls.step('sample', readOptions(undefined), read, false);
  }
}

export interface SamplingSettings {
  readonly origin: Origin;
  readonly maxDescriptors: number | undefined;
}

interface Shared {
  readonly readings: SharedReadings;
  readonly sampler: Sampler;
  users: number;
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
