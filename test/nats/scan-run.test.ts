import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { fleetErrors } from '../../packages/nats/dist/fleet-error.js';
import type { HostReader } from '../../packages/nats/dist/host-scan.js';
import { checkScanOptions } from '../../packages/nats/dist/options.js';
import type { Sighting } from '../../packages/nats/dist/roster.js';
import { ScanRun } from '../../packages/nats/dist/scan-run.js';

const sighting = (host: string, of: number | string): Sighting => ({
  host,
  instance: `I${host}${of}`,
  machine: `M${of}`,
  digest: 'd',
});
const never = () => new Promise<never>(() => {});

/** What a scan works with: a ping finds these, and `find` is asked where several machines have one name. */
function means(found: readonly Sighting[], end: () => Promise<void>, find = vi.fn(never)) {
  const directory = {
    prefix: 'p',
    remembered: [],
    find,
    discover: async (_ms: number, _signal: AbortSignal, take: (each: Sighting) => void) => {
      for (const each of found) take(each);
      await end();
    },
  };
  return { find, means: { link: {}, directory } as never };
}

/** The signals of the hosts that are being asked, which do not answer. */
function silent(): { readonly read: HostReader; readonly signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  const read: HostReader = (_, { signal }) => {
    signals.push(signal);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  return { read, signals };
}

/** A scan of two hosts, each of which fails so. */
function failing(error: Error): ScanRun {
  const { means: with_ } = means([sighting('db1', 1), sighting('db2', 2)], turn);
  return new ScanRun(with_, checkScanOptions({}), async () => {
    throw error;
  });
}

describe('a scan of a fleet', () => {
  it('asks a few times whose a name is, however many claim it', async () => {
    const { find, means: with_ } = means(
      Array.from({ length: 50 }, (_, i) => sighting('db1', i)),
      () => Promise.resolve(),
    );
    const run = new ScanRun(with_, checkScanOptions({}), silent().read);
    await turn();
    expect(find).toHaveBeenCalledTimes(3);
    run.stop();
  });

  it('that fails as a whole asks no host any more', async () => {
    const refused = fleetErrors.permission({ host: undefined, subject: '$SRV.PING.p' }, 'no');
    const { means: with_ } = means([sighting('db1', 1)], () => turn().then(() => Promise.reject(refused)));
    const { read, signals } = silent();
    const run = new ScanRun(with_, checkScanOptions({}), read);
    await expect(run.take()).rejects.toBe(refused);
    await turn();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('fails by the caller’s own mistake once, and not by what a host calls so', async () => {
    const mistake = Object.assign(new TypeError('no such field'), { code: 'ERR_INVALID_ARG_VALUE' });
    await expect(failing(mistake).take()).rejects.toBe(mistake);
    const sent = Object.assign(new Error('no such field'), { code: 'ERR_INVALID_ARG_VALUE' });
    const run = failing(sent);
    expect(await run.take()).toBeUndefined();
    expect(run.missing.map(({ host, reason }) => [host, reason])).toEqual([
      ['db1', 'ERR_INVALID_ARG_VALUE'],
      ['db2', 'ERR_INVALID_ARG_VALUE'],
    ]);
  });
});
