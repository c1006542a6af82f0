import { createClient } from 'psutil-extra';
import { compile } from '../compile.js';
import { Conversation } from '../conversation.js';
import { Missing } from './missing.js';

/** Events of a program that starts processes without pause. */
export interface Reported {
  /** Processes that it started a second. */
  readonly births: number;
  /** Events that arrived a second, until the last one. */
  readonly events: number;
  /** Of the two of each process: its fork and its exit. */
  readonly reported: number;
}

/** By one source. */
export async function eventsOf(source: string, count: number): Promise<Reported> {
  await using client = createClient({ threads: 1, source: source as 'bpf' | 'procfs' });
  await using births = new Conversation(compile('births'));
  const aborting = new AbortController();
  const events = client.events({ signal: aborting.signal });
  // The thread that reads them has started when an event comes.
  const state = { isReading: false };
  const first = events.next().finally(() => {
    state.isReading = true;
  });
  first.catch(() => {});
  while (!state.isReading) await births.ask('10');
  try {
    await first;
  } catch (error) {
    throw new Missing(source, { cause: error });
  }
  const asked = births.ask(String(count));
  const began = performance.now();
  let arrived = 0;
  let last = began;
  const reading = (async () => {
    for await (const { kind } of events) {
      if (kind !== 'fork' && kind !== 'exit') continue;
      arrived++;
      last = performance.now();
    }
  })();
  const nanoseconds = Number(await asked);
  await silence(() => last);
  aborting.abort();
  await reading.catch(() => undefined);
  return {
    births: (count / nanoseconds) * 1e9,
    events: (arrived / (last - began)) * 1000,
    reported: Math.min(1, arrived / (count * 2)),
  };
}

async function silence(last: () => number): Promise<void> {
  while (performance.now() - last() < SILENT_MS) await new Promise((resolve) => setTimeout(resolve, 50));
}

const SILENT_MS = 300;
