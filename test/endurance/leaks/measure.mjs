// Calls each method a number of times, and prints what has stayed allocated, a line of JSON each. Its arguments: how
// often, the limits of what may stay, and the methods' names.
// Needs --expose-gc, and thread.cjs in every thread.
import { readdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { openWorld, SUBJECTS } from './subjects.mjs';

const [, , times, most, ...names] = process.argv;
const limits = JSON.parse(most);
const MOST_ROUNDS = 15;
const AT_ONCE = 50;
const heaps = new BroadcastChannel('heaps');
const world = await openWorld();

for (const name of names) console.log(JSON.stringify({ name, ...(await measured(SUBJECTS[name])) }));
await world.client.close();
heaps.close();

/**
 * A leak grows with every round of calls; kept buffers and compiled code do not.
 * So the least growth of a round counts, and once it is within the limits there is no need of another round.
 */
async function measured(subject) {
  const { slower = 1, atOnce = AT_ONCE } = subject;
  const calls = Math.max(atOnce, Math.round(times / slower));
  await make(subject, Math.max(atOnce, calls / 5));
  const least = {};
  let made = 0;
  let failed = 0;
  let before = await resources();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    failed += await make(subject, calls);
    made += calls;
    const after = await resources();
    for (const kind of Object.keys(after)) {
      least[kind] = Math.min(after[kind] - before[kind], least[kind] ?? Number.POSITIVE_INFINITY);
    }
    if (Object.entries(least).every(([kind, grown]) => grown <= limits[kind])) break;
    before = after;
  }
  return { calls, made, failed, ...least };
}

/** Half of them so that they fail, where they can; answers with how many did. */
async function make({ works, fails, atOnce = AT_ONCE }, calls) {
  let failed = 0;
  for (let done = 0; done < calls; done += atOnce) {
    const group = Array.from({ length: atOnce }, async (_, i) => (fails !== undefined && i % 2 ? fails : works)(world));
    for (const { status } of await Promise.allSettled(group)) if (status === 'rejected') failed++;
  }
  return failed;
}

async function resources() {
  const threads = await collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heap: heapUsed + external,
    threads,
    rss,
    descriptors: readdirSync('/proc/self/fd').length,
    tasks: readdirSync('/proc/self/task').length,
  };
}

/** Collects the garbage of this thread and of the client's; answers with what is left in the latter. */
async function collect() {
  // The threads of a client end after it.
  for (let i = 0; i < 2; i++) {
    await turn();
    globalThis.gc();
  }
  const reply = new Promise((resolve) => {
    heaps.addEventListener('message', ({ data }) => resolve(data), { once: true });
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of a window, which this is not
  heaps.postMessage('collect');
  return await reply;
}
