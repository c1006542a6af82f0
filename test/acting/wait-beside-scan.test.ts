import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'psutil-extra';
import { expect, test } from 'vitest';
import { Herd } from '../processes/sleeper.js';

/** One part of a scan would hold all of these. */
const HERD = 400;
/** Some end where a scan is almost over, so that they do not decide. */
const KILLED = 20;

test('an exit is reported while a scan is read in the same thread, not after it', async () => {
  await using client = createClient({ threads: 1, source: 'procfs' });
  using herd = await Herd.of(HERD);
  using mortals = await Herd.of(KILLED);
  let ended = 0;
  const stopping = new AbortController();
  const scanning = (async () => {
    while (!stopping.signal.aborted) {
      const { pids } = await client.scan({ fields: ['fds', 'threadList'] });
      expect(pids.length).toBeGreaterThan(herd.members.length);
      ended++;
    }
  })();
  let before = 0;
  try {
    for (const [index, mortal] of mortals.members.entries()) {
      const waiting = client.waitForExit(mortal.pid);
      // It is answered behind the wait's beginning, and ends the part that is read: the process ends later, in another one.
      await client.name(mortal.pid);
      await pause(20 + 3 * index);
      const during = ended;
      mortal.child.kill('SIGKILL');
      await waiting;
      if (ended === during) before++;
    }
  } finally {
    stopping.abort();
    await scanning;
  }
  expect(before).toBeGreaterThanOrEqual(0.65 * KILLED);
}, 60_000);
