import { FIELD_INDEX, type FieldSet, ONLY } from '@psutil-extra/native/protocol';
import type { FieldReader } from '../calls/field-reader.js';
import type { CpuTimes } from '../schema/fields.generated.js';
import { ProcessRef } from '../schema/process-ref.js';
import { ClientClosedError } from '../support/errors.js';
import { clearTimeout, now, setTimeout } from '../support/timers.js';
import { type CpuPercentOptions, readIntervalOptions } from './sample-options.js';
import { percentOf } from './sampled-columns.js';
import type { Sampling } from './sampling.js';

/** Measures how busy one process is. */
export class CpuPercentCall {
  readonly #sampling: Sampling;
  readonly #reader: FieldReader;

  constructor(sampling: Sampling, reader: FieldReader) {
    this.#sampling = sampling;
    this.#reader = reader;
  }

  /** Reads its processor time twice, also within a scope. */
  cpuPercent(proc: unknown, options: CpuPercentOptions | undefined): Promise<number> {
    return this.#sampling.calls.runLong(
      'cpuPercent',
      proc,
      options,
      readIntervalOptions,
      async ({ interval, signal }) => {
        const pid = ProcessRef.pidOf(proc);
        const start = ProcessRef.startOf(proc);
        const processors = await this.#sampling.processors();
        const before = await this.#read(pid, start, signal);
        await this.#pause(interval, signal);
        const after = await this.#read(pid, start, signal);
        return percentOf(Math.max(0, after.used - before.used), after.time - before.time, processors);
      },
    );
  }

  async #read(pid: number, start: number, signal: AbortSignal | undefined): Promise<{ time: number; used: number }> {
    const began = now();
    const source = await this.#reader.read(ONLY[CPU_TIMES] as FieldSet, pid, start, signal, undefined, 'cpuPercent');
    const time = (began + now()) / 2;
    const { user, system } = this.#reader.value(CPU_TIMES, source, pid, false) as CpuTimes;
    return { time, used: user + system };
  }

  #pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        ignoreClose();
        signal?.removeEventListener('abort', onAbort);
      };
      const timer = setTimeout(() => {
        end();
        resolve();
      }, milliseconds);
      const onAbort = () => {
        end();
        reject(signal?.reason);
      };
      const ignoreClose = this.#sampling.onClose(() => {
        end();
        reject(new ClientClosedError());
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
    });
  }
}

const CPU_TIMES = FIELD_INDEX.cpuTimes;
