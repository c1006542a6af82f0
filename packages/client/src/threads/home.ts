import type { SamplerPart } from '@psutil-extra/worker';

/** The thread of requests that share what a thread keeps: of the first of them, then of all. */
export interface Home {
  thread?: unknown;
}

/** One thread makes all readings of a sampler: it has what is kept open. */
export interface SamplerHome {
  readonly home: Home;
  readonly part: SamplerPart;
}
