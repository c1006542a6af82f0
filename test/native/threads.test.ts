import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { loadAddon, run } from '@psutil-extra/native';
import { expect, test } from 'vitest';

/** Loads the addon, reads with it until it is sent a message, and says how often. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  Promise.all(workerData.map((file) => import(file))).then(([{ loadAddon, run }, { FIELDS, ReadFlag }]) => {
    const reader = new (loadAddon().Reader)('/proc');
    const { pids } = run(reader, { op: 'list', cursor: 0, max: 1e6 });
    const fields = 2 ** FIELDS.length - 1;
    const read = () => run(reader, { op: 'pids', pids: pids.slice(0, 50), fields, flags: ReadFlag.dropGone });
    read();
    parentPort.postMessage('ready');
    parentPort.on('message', () => process.exit());
    const go = () => { read(); setImmediate(go); };
    go();
  });`;

function start(): Worker {
  const files = ['index.js', 'protocol/index.js'].map((file) =>
    fileURLToPath(new URL(`../../packages/native/dist/${file}`, import.meta.url)),
  );
  return new Worker(THREAD, { eval: true, workerData: files });
}

test('the addon is loaded and unloaded in many threads at once, in any order', async () => {
  const threads = Array.from({ length: 8 }, start);
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  const shuffled = [3, 0, 7, 5, 1, 6, 2, 4].map((i) => threads[i] as Worker);
  for (const thread of shuffled) {
    const ended = once(thread, 'exit');
    thread.postMessage('end', []);
    expect((await ended)[0]).toBe(0);
  }
  expect(loadAddon().capabilities.list).toBe(true);
});

test('threads that are terminated in the middle of reads do not affect the program', async () => {
  for (let round = 0; round < 5; round++) {
    const threads = Array.from({ length: 4 }, start);
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  expect(run(new (loadAddon().Reader)('/proc'), { op: 'list', cursor: 0, max: 1 })).toHaveProperty('pids');
});

test('the addon is loaded again in a thread where it was loaded before', () => {
  expect(loadAddon()).toBe(loadAddon());
});
