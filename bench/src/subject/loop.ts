import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type Delays, Probe } from '../probe.js';

export interface UnderLoop {
  readonly idle: Delays;
  readonly scanning: Delays;
  /** Scans a second. */
  readonly scans: number;
}

/** The event loop's delay while it idles, and while it scans without pause for so long. */
export async function underLoop(scan: () => Promise<number>, seconds: number, remembers: number): Promise<UnderLoop> {
  await scan();
  await using probe = new Probe();
  const idle = await probe.during(() => sleep((seconds * 1000) / 2));
  let scans = 0;
  const began = performance.now();
  const scanning = await probe.during(async () => {
    while (performance.now() - began < seconds * 1000) {
      await scan();
      scans++;
      // Even one that blocks lets others have a turn between two scans.
      await setImmediate();
      if (remembers > 0) await sleep(remembers);
    }
  });
  return { idle, scanning, scans: scans / ((performance.now() - began) / 1000) };
}
