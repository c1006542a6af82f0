import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { expect, it, vi } from 'vitest';
import { Directory } from '../../packages/nats/dist/directory.js';
import { type Addressee, fleetErrors } from '../../packages/nats/dist/fleet-error.js';
import { LatePings } from '../../packages/nats/dist/late-pings.js';
import type { Link } from '../../packages/nats/dist/link.js';
import { Roster, type Sighting } from '../../packages/nats/dist/roster.js';

const { signal } = new AbortController();

/** A link on which hosts introduce themselves with this text; one without does not answer. */
function linkTo(texts: Readonly<Record<string, string | undefined>>): Link {
  const exchange = ({ host = '' }: Addressee) => {
    let isAnswered = false;
    return {
      next: (ms: number) =>
        new Promise<Msg>((resolve, reject) => {
          const text = texts[host];
          if (text === undefined || isAnswered)
            setTimeout(() => reject(fleetErrors.silent({ host, subject: '' }, ms)), ms);
          else
            resolve({ data: Buffer.from(JSON.stringify({ ...sightingOf(host, text), description: text })) } as never);
          isAnswered = true;
        }),
      close: () => {},
    };
  };
  return { exchange } as unknown as Link;
}

function sightingOf(host: string, text: string): Sighting {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { host, instance: `I${host}`, machine: `M${host}`, digest };
}

const GOOD = JSON.stringify({ version: '0.1.0', allowed: ['kill'] });

it('a host is described while an equal one that was asked before it says nothing', async () => {
  const directory = new Directory(linkTo({ good: GOOD }), 'p');
  const began = performance.now();
  const silent = directory.describe(sightingOf('silent', GOOD), 3000, signal);
  silent.catch(() => {});
  await turn();
  expect(await directory.describe(sightingOf('good', GOOD), 3000, signal)).toEqual(JSON.parse(GOOD));
  expect(performance.now() - began).toBeLessThan(2000);
  await expect(silent).rejects.toMatchObject({ code: 'ERR_HOST_SILENT' });
});

it.each([
  'null',
  '5',
  '"text"',
  '[]',
  '{}',
  '{"version":"1.0.0"}',
  '{"version":"\\u001b[2J","allowed":[]}',
  '{"version":"1.0.0","allowed":"kill"}',
  '{"version":"1.0.0","allowed":[{}]}',
  `{"version":"1.0.0","allowed":[],"more":"${'x'.repeat(20_000)}"}`,
])('a host is none where its description is %j', async (text) => {
  const directory = new Directory(linkTo({ bad: text }), 'p');
  await expect(directory.describe(sightingOf('bad', text), 100, signal)).rejects.toMatchObject({
    code: 'ERR_HOST_DAMAGED',
  });
});

it('a service that has a successor is forgotten, and those of other hosts are not', () => {
  const roster = new Roster();
  const [first, second, other] = ['a', 'b', 'c'].map((of) => ({
    ...sightingOf(of === 'c' ? 'other' : 'host', GOOD),
    instance: of,
  })) as [Sighting, Sighting, Sighting];
  expect([first, second, other, first].map((each) => roster.add(each))).toEqual([false, false, false, true]);
  roster.succeed('host', [second]);
  expect(roster.sightings.map(({ instance }) => instance)).toEqual(['b', 'c']);
  roster.succeed('host', []);
  roster.succeed('host', []);
  expect(roster.sightings.map(({ instance }) => instance)).toEqual(['c']);
});

it('no more kinds of hosts are remembered than a fleet has', () => {
  const roster = new Roster();
  const description = JSON.parse(GOOD);
  for (let kind = 0; kind < 10_002; kind++) roster.describe(`d${kind}`, description);
  const known = (kind: number) => roster.descriptionOf({ digest: `d${kind}` } as Sighting) !== undefined;
  expect([known(0), known(1), known(2), known(10_001)]).toEqual([false, false, true, true]);
});

it('the late answers of some pings are taken, for a while, until the fleet is closed', () => {
  vi.useFakeTimers();
  try {
    const late = new LatePings();
    const stops = Array.from({ length: 6 }, () => vi.fn());
    const ends = stops.map((stop) => late.add(stop));
    const stopped = () => stops.map(({ mock }) => mock.calls.length);
    expect(stopped()).toEqual([1, 1, 0, 0, 0, 0]);
    ends[2]?.();
    vi.advanceTimersByTime(59_000);
    expect(stopped()).toEqual([1, 1, 1, 0, 0, 0]);
    const another = vi.fn();
    late.add(another);
    vi.advanceTimersByTime(1000);
    expect([...stopped(), another.mock.calls.length]).toEqual([1, 1, 1, 1, 1, 1, 0]);
    late.close();
    expect(another).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
