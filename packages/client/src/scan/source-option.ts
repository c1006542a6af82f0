/** How a scan of every process reads on Linux. */
export type Source = 'auto' | 'procfs' | 'bpf';
