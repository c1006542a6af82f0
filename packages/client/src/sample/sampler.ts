import type { Frame } from '@psutil-extra/native/protocol';
import { clearTimeout, setTimeout } from '../support/timers.js';
import type { SamplerHome } from '../threads/home.js';

/** One scan of every process. */
export interface Scanned {
  readonly frames: readonly Frame[];
  readonly source: string;
}

/**
 * What a thread keeps open for the readings of one sampler: files of the processes that it reads again and again. It is closed when
 * the sampler ends, and when no reading has followed for some time.
 */
export class Sampler {
  readonly #scan: (sampler: SamplerHome) => Promise<Scanned>;
  readonly #closeHeld: (sampler: SamplerHome) => void;
  readonly #sampler: SamplerHome;
  readonly #patience: number;
  #readings = 0;
  #isEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    number: number,
    { interval, maxDescriptors }: { readonly interval: number; readonly maxDescriptors: number | undefined },
    scan: (sampler: SamplerHome) => Promise<Scanned>,
    closeHeld: (sampler: SamplerHome) => void,
  ) {
    this.#scan = scan;
    this.#closeHeld = closeHeld;
    this.#sampler = { home: {}, part: { sampler: number, maxHeld: maxDescriptors ?? A_QUARTER } };
    this.#patience = Math.max(MIN_PATIENCE, 2 * interval);
  }

  async read(): Promise<Scanned> {
    clearTimeout(this.#timer);
    this.#readings++;
    try {
      return await this.#scan(this.#sampler);
    } finally {
      this.#readings--;
      if (this.#isEnded) this.#close();
      else this.#timer = setTimeout(() => this.#close(), this.#patience).unref();
    }
  }

  /** There are no more readings. */
  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#close();
  }

  /** Behind a reading: what is read of it later would be kept again. */
  #close(): void {
    const { home } = this.#sampler;
    if (this.#readings > 0 || home.thread === undefined) return;
    this.#closeHeld({ ...this.#sampler, home: { ...home } });
    home.thread = undefined;
  }
}

/** Of the descriptors that the program may have. */
const A_QUARTER = -1;
const MIN_PATIENCE = 10_000;
