import { FieldSet } from '@psutil-extra/native/protocol';
import type { CallSite } from '../observe/call-site.js';
import { abortError } from '../support/abort.js';
import { ClientClosedError } from '../support/errors.js';
import type { TableField } from '../table/computed-column.js';
import { compare } from './comparison.js';
import type { Reading } from './reading.js';
import { type SampledField, type SampleFields, sampleFields } from './sample-fields.js';
import { type ReadSampleOptions, readSampleOptions, type SampleOptions } from './sample-options.js';
import { SampleTable } from './sample-table.js';
import { sampledColumns } from './sampled-columns.js';
import type { Sampling } from './sampling.js';
import type { ReadingConsumer, SharedReadings } from './shared-readings.js';

/**
 * The samples of a client, as `client.sample()` returns them. It reads while a `next()` waits and not otherwise: a slow loop gets
 * fewer samples, each of all the time since the one before.
 */
export class Samples<F extends TableField = TableField>
  implements AsyncIterableIterator<SampleTable<F>>, AsyncDisposable
{
  readonly #sampling: Sampling;
  #fields: SampleFields = NO_FIELDS;
  #readings: SharedReadings | undefined;
  #release: (() => void) | undefined;
  #ignoreClose: (() => void) | undefined;
  #processors = 1;
  #signal: AbortSignal | undefined;
  #before: Reading | undefined;
  readonly #consumer: ReadingConsumer = {
    received: (reading) => this.#received(reading),
    failed: (error) => this.#failed(error),
  };
  readonly #waiting: Waiting<F>[] = [];
  #isEnded = false;
  /** Thrown once. */
  #error: { readonly thrown: unknown } | undefined;

  /** @internal Made by `client.sample()`, or as a part of another call, which is counted there. */
  constructor(sampling: Sampling, options: SampleOptions<readonly SampledField[]> | undefined, isPart = false) {
    this.#sampling = sampling;
    try {
      const read = readSampleOptions(options);
      if (!isPart) sampling.calls.counters.calls++;
      if (sampling.calls.isClosed) throw new ClientClosedError();
      this.#begin(read);
    } catch (error) {
      this.#end({ thrown: error });
    }
  }

  /** The next sample. Rejects once with why there are no more, and is done after that. */
  next(): Promise<IteratorResult<SampleTable<F>, undefined>> {
    const site = this.#sampling.calls.sites.capture();
    return this.#next(site);
  }

  /** Ends it; `break` calls it. */
  return(): Promise<IteratorResult<SampleTable<F>, undefined>> {
    this.#end(undefined);
    this.#error = undefined;
    return Promise.resolve(DONE);
  }

  /** Ends it, and rejects with the error. */
  async throw(error?: unknown): Promise<IteratorResult<SampleTable<F>, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #received(reading: Reading): void {
    const before = this.#before;
    this.#before = reading;
    if (before === undefined) {
      this.#readings?.next(this.#consumer);
      return;
    }
    const { earlier, started, ended } = compare(before, reading);
    const { names } = this.#fields;
    const computed = sampledColumns(names, { before, after: reading, earlier }, this.#processors);
    const table = new SampleTable(names as readonly F[], reading, this.#sampling.origin, computed, {
      elapsed: reading.time - before.time,
      started,
      ended,
    });
    this.#waiting.shift()?.resolve({ done: false, value: table });
    if (this.#waiting.length > 0) this.#readings?.next(this.#consumer);
  }

  #failed(error: unknown): void {
    if (this.#sampling.calls.isClosed) this.#end(undefined);
    else this.#end({ thrown: error });
  }

  #begin(options: ReadSampleOptions): void {
    const { signal, fields } = options;
    this.#fields = sampleFields(fields);
    this.#signal = signal;
    if (signal?.aborted === true) throw abortError(signal);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    const { readings, release } = this.#sampling.readings(this.#fields, options);
    this.#readings = readings;
    this.#release = release;
    this.#ignoreClose = this.#sampling.onClose(() => this.#end(undefined));
  }

  async #next(site: CallSite | undefined): Promise<IteratorResult<SampleTable<F>, undefined>> {
    try {
      // It is there long before the first sample.
      this.#processors = await this.#sampling.processors();
      if (this.#error !== undefined) {
        const { thrown } = this.#error;
        this.#error = undefined;
        throw thrown;
      }
      if (this.#isEnded) return DONE;
      return await new Promise((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
        if (this.#waiting.length > 1) return;
        if (this.#before === undefined) this.#readings?.first(this.#consumer);
        else this.#readings?.next(this.#consumer);
      });
    } catch (error) {
      throw this.#sampling.calls.attachCallerStack(error, this.#signal, site);
    }
  }

  readonly #onAbort = () => this.#end({ thrown: abortError(this.#signal as AbortSignal) });

  #end(error: { readonly thrown: unknown } | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#ignoreClose?.();
    this.#readings?.leave(this.#consumer);
    this.#release?.();
    this.#before = undefined;
    const [first, ...others] = this.#waiting.splice(0);
    if (first === undefined) this.#error = error;
    else if (error === undefined) first.resolve(DONE);
    else first.reject(error.thrown);
    for (const { resolve } of others) resolve(DONE);
  }
}

interface Waiting<F extends TableField> {
  readonly resolve: (result: IteratorResult<SampleTable<F>, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const NO_FIELDS: SampleFields = { names: [], read: FieldSet.of() };
const DONE = Object.freeze({ done: true, value: undefined } as const);
