import { createClient, NoSuchProcessError, type Process } from 'psutil-extra';
import { expect, test } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { Compiled } from '../../processes/compiled.js';
import { rejection } from '../../processes/rejection.js';
import { report, scaled } from '../scale.js';

const TRIES = scaled(200, 10_000);
const UNKNOWN = { code: null, signal: null };

/** Whatever signals a process. */
const SIGNALLING: readonly ((held: Process) => Promise<unknown>)[] = [
  (held) => held.kill('SIGUSR1'),
  (held) => held.kill(0),
  (held) => held.kill('SIGKILL'),
  (held) => held.killTree({ grace: 0 }),
];

test(`a Process whose PID another one has since the same tick is never signalled nor waited for, ${TRIES} times`, async ({
  skip,
}) => {
  skip(...lacking.reuseOfPid);
  skip(...lacking.pidfs);
  await using client = createClient({ threads: 1 });
  using namesakes = new Compiled(new URL('namesakes.c', import.meta.url).href);
  const child = async (what: 'first' | 'swap') => (await namesakes.line(what)).split(' ').map(Number);
  const began = performance.now();
  let made = 0;
  let tries = 0;
  let late = 0;
  for (; tries < TRIES; made++) {
    const [pid, start] = await child('first');
    const held = await client.process(pid as number);
    const signal = SIGNALLING[made % SIGNALLING.length] as (held: Process) => Promise<unknown>;
    if (made % 2 === 0) {
      const [again, since] = await child('swap');
      expect(again).toBe(pid);
      if (since === start) tries++;
      expect(await rejection(signal(held))).toBeInstanceOf(NoSuchProcessError);
      expect(await held.waitForExit()).toEqual(UNKNOWN);
      expect(await held.isRunning()).toBe(false);
    } else {
      // While it is replaced: the first may be signalled, and its end seen; the second never.
      const [[again, since], signalled, status] = await Promise.all([
        child('swap'),
        signal(held).then(
          () => undefined,
          (error: unknown) => error,
        ),
        held.waitForExit(),
      ]);
      expect(again).toBe(pid);
      if (since === start) tries++;
      if (signalled !== undefined) expect(signalled).toBeInstanceOf(NoSuchProcessError);
      else late++;
      expect([UNKNOWN, { code: null, signal: 'SIGKILL' }]).toContainEqual(status);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  await namesakes.line('first');
  expect(Number(await namesakes.line('count'))).toBe(0);
  report(
    `namesakes: ${made} PIDs given out again in ${seconds.toFixed(1)} s, ${tries} of them within one tick; ${late} first ones were signalled in time, no second one was`,
  );
});
