// autocannon comes without types; these are of what is used here.
declare module 'autocannon' {
  export default function autocannon(options: {
    readonly url: string;
    readonly duration: number;
    readonly connections: number;
  }): Promise<{
    readonly requests: { readonly average: number };
    readonly latency: { readonly p50: number; readonly p99: number };
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }>;
}
