import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FIELD_INDEX, ONLY } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';

const TASK = fileURLToPath(new URL('../../packages/worker/dist/task.js', import.meta.url));
const UMASK = FIELD_INDEX.umask;

/** A thread that has a port for urgent requests: one has arrived there when it takes a bulk request. */
const THREAD = `
  const { MessageChannel, parentPort, receiveMessageOnPort, workerData } = require('node:worker_threads');
  const { default: task } = require(workerData.task);
  const { port1, port2 } = new MessageChannel();
  task({ op: 'connect', port: port2 });
  (async () => {
    Atomics.add(workerData.urgentPending, 0, 1);
    port1.postMessage((process.pid * 64 + workerData.field) * 16);
    await task({ op: 'read', pids: Int32Array.of(process.pid, process.ppid), fields: workerData.fields, flags: 0 });
    const answer = receiveMessageOnPort(port1)?.message;
    parentPort.postMessage({ answer, pending: Atomics.load(workerData.urgentPending, 0) });
    port1.close();
  })();`;

test('a thread answers the urgent request that has arrived before it answers a bulk request', async () => {
  const urgentPending = new Int32Array(new SharedArrayBuffer(4));
  const fields = ONLY[UMASK]?.bits;
  const workerData = { procRoot: '/proc', stallTimeout: 1000, task: TASK, field: UMASK, fields, urgentPending };
  const worker = new Worker(THREAD, { eval: true, workerData });
  const [{ answer, pending }] = (await once(worker, 'message')) as [{ answer: unknown; pending: number }];
  expect(answer).toEqual(expect.any(Number));
  expect(pending).toBe(0);
  await worker.terminate();
});
