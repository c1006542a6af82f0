import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { MODULES } from '@psutil-extra/native';
import { describe, expect, test } from 'vitest';

const TASK = fileURLToPath(import.meta.resolve('@psutil-extra/worker/task'));
const THREAD = `const { parentPort, workerData } = require('node:worker_threads');
  require(workerData.task);
  parentPort.postMessage(Object.keys(require.cache));`;

/** The files that a thread has loaded when it is ready for its first request. */
function loaded(modules: Readonly<Record<string, string>>): Promise<string[]> {
  const urgentPending = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { modules, procRoot: '/proc', stallTimeout: 1000, urgentPending, task: TASK };
  const worker = new Worker(THREAD, { eval: true, workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('a thread', () => {
  test('loads the modules of the addon from the paths in its data', async () => {
    const missing = Object.fromEntries(Object.keys(MODULES).map((name) => [name, '/nowhere/native.js']));
    await expect(loaded(missing)).rejects.toThrow("Cannot find module '/nowhere/native.js'");
    expect(await loaded(MODULES)).toEqual(expect.arrayContaining(Object.values(MODULES)));
  });

  test('does not load comlink before a oneshot needs it', async () => {
    const files = await loaded(MODULES);
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((file) => file.includes('comlink'))).toEqual([]);
  });
});
