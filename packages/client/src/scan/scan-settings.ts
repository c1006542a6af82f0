import type { SamplerPart } from '@psutil-extra/worker';
import type { Home } from '../threads/home.js';

export interface ScanSettings {
  /** Whether it waits for what locked memory maps delay. Default true. */
  readonly awaitsStalled?: boolean;
  /** Whose reading it is. */
  readonly sampler?: SamplerOfScan;
}

/** One thread makes all readings of a sampler: it has what is kept open. */
export interface SamplerOfScan {
  readonly home: Home;
  readonly part: SamplerPart;
}
