/** How processes are sampled: by which source, and with how many descriptors that stay open, where that is not left to it. */
export interface Sampled {
  readonly source: 'procfs' | 'bpf';
  readonly maxDescriptors?: number;
}

/** The options of `sample()`. */
export function optionsOf({ maxDescriptors }: Sampled, interval: number) {
  return { fields: SHOWN, interval, ...(maxDescriptors === undefined ? undefined : { maxDescriptors }) };
}

/** What a monitor shows. */
export const SHOWN = ['name', 'cpuPercent', 'memory'] as const;

/** More than there are processes. */
export const MANY = 11_000;
