import type { WireChange, WireLog, WireTable } from '../src/wire.js';
import type { Processes } from './processes.js';

/** What is done with what the server sends. */
export interface Feed {
  readonly processes: Processes;
  /** The processes have been read anew. */
  readonly read: () => void;
  readonly happened: (log: WireLog) => void;
  readonly trouble: (message: string) => void;
}

/** Receives the server's events for as long as the page is open. */
export function listen(feed: Feed): void {
  const { processes, read, happened, trouble } = feed;
  const events = new EventSource('/live');
  const on = (event: string, take: (data: unknown) => void) =>
    events.addEventListener(event, ({ data }: MessageEvent<string>) => take(JSON.parse(data)));
  on('table', (table) => {
    processes.begin(table as WireTable);
    read();
  });
  on('change', (change) => {
    processes.change(change as WireChange);
    read();
  });
  on('log', (log) => happened(log as WireLog));
  on('trouble', (data) => trouble((data as { message: string }).message));
  events.addEventListener('error', () => {
    trouble('the server does not answer; trying again');
    // It tries again by itself, but not where it was answered with something else than events: 503 where many listen.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listen(feed), AGAIN_MS);
  });
}

const AGAIN_MS = 5000;
