import { EventLog } from '@psutil-extra/example-server/event-log';
import { createClient, type ProcessEvent, type ProcessEvents } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';

/** What a log publishes, as far as it is looked at. */
interface Published {
  readonly kind: string;
  readonly count?: number;
  readonly pid?: number;
  readonly command?: string | null;
}

describe('the log of events of the server', () => {
  it('sends at most 400 events at once, and counts the others', async () => {
    await using client = createClient();
    const published: Published[][] = [];
    const source = { events: () => storm() as unknown as ProcessEvents, scan: client.scan.bind(client) };
    const log = new EventLog(source, 100, ({ events }) => published.push([...events]));
    const controller = new AbortController();
    log.follow(controller.signal).catch(() => {});
    await until('they are published', () => published.length > 0);
    controller.abort();
    expect(published[0]).toHaveLength(401);
    expect(published[0]?.at(-1)).toMatchObject({ kind: 'lost', count: 9605 });
    expect(log.recent.events).toHaveLength(300);
  });

  it('has the command lines of those that still live', async () => {
    await using client = createClient();
    const published: Published[] = [];
    const log = new EventLog(client, 100, ({ events }) => published.push(...events));
    const controller = new AbortController();
    const followed = log.follow(controller.signal);
    using child = new Spawned(['sleep', '1000'], { stdio: 'ignore' });
    await until('it is reported', () =>
      published.some(({ pid, command }) => pid === child.pid && command === 'sleep 1000'),
    );
    controller.abort();
    await followed;
    // What the next listener sees begins with what happens then.
    expect(log.recent).toEqual({ isWhole: true, events: [] });
  });
});

/** More than any system has at once. */
async function* storm(): AsyncGenerator<ProcessEvent> {
  yield { kind: 'lost', count: 5 };
  for (let pid = 1; pid <= 10_000; pid++) yield { kind: 'exit', pid, code: 0, signal: null, time: pid };
  await new Promise(() => {});
}
