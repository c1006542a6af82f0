import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';

/** The result of firing at one path. */
export interface Shot {
  readonly path: string;
  readonly requestsASecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

/** Fires at each path in turn for so many seconds, over so many connections. */
export async function shots(
  url: string,
  paths: readonly string[],
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<Shot[]> {
  const all: Shot[] = [];
  for (const path of paths) {
    const { requests, latency, errors, timeouts, non2xx } = await autocannon({
      url: url + path,
      duration: seconds,
      connections,
    });
    all.push({
      path,
      requestsASecond: requests.average,
      p50: latency.p50,
      p99: latency.p99,
      failed: errors + timeouts + non2xx,
    });
  }
  return all;
}

/** Pages that watch, without browsers. */
export interface Listeners {
  /** Bytes that each has received. */
  readonly received: readonly number[];
  close(): Promise<void>;
}

/** Opens this many, and resolves when each has got something. */
export async function listeners(url: string, count: number): Promise<Listeners> {
  const received = Array.from({ length: count }, () => 0);
  const controller = new AbortController();
  const reading = received.map(async (_, index) => {
    const answer = await fetch(`${url}/live`, { signal: controller.signal });
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      received[index] = (received[index] ?? 0) + part.length;
    }
  });
  const ended = Promise.allSettled(reading);
  while (received.includes(0)) await pause(20);
  return {
    received,
    close: async () => {
      controller.abort();
      await ended;
    },
  };
}
