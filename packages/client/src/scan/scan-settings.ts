import type { SamplerHome } from '../threads/home.js';

export interface ScanSettings {
  /** Whether it waits for what locked memory maps delay. Default true. */
  readonly awaitsStalled?: boolean;
  /** Whose reading it is. */
  readonly sampler?: SamplerHome;
  /** How many bytes of frames a batch may have. Default: any number. */
  readonly mostBytes?: number;
}
