import { createClient, NoSuchProcessError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { threadsOf } from '../processes/scheduling.js';
import { OF_THREADS, SETTERS, setValue } from './setters.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** A process of four threads. */
async function threaded(): Promise<Python> {
  const python = await Python.start();
  await python.run('import threading');
  await python.run('[threading.Thread(target=threading.Event().wait, daemon=True).start() for _ in range(3)]');
  expect(threadsOf(python.pid)).toHaveLength(4);
  return python;
}

describe.each(OF_THREADS)('$method', (setter) => {
  const { shown, values, words } = setter;

  test('sets the main thread alone', async () => {
    using process = await threaded();
    const others = threadsOf(process.pid).filter((tid) => tid !== process.pid);
    const before = others.map(shown);
    await setValue(client, setter, process.pid, values[0]);
    expect(shown(process.pid)).toBe(words[0]);
    expect(others.map(shown)).toEqual(before);
  });

  test('with allThreads sets every thread, and resolves with the previous value of the main one', async () => {
    using process = await threaded();
    const before = await client[setter.field](process.pid);
    expect(await setValue(client, setter, process.pid, values[0], { allThreads: true })).toEqual(before);
    expect(threadsOf(process.pid).map(shown)).toEqual(Array(4).fill(words[0]));
    const held = await client.process(process.pid);
    expect(await setValue(client, setter, held, values[1], { allThreads: true })).toEqual(values[0]);
    expect(threadsOf(process.pid).map(shown)).toEqual(Array(4).fill(words[1]));
  });
});

test.each(SETTERS)('$method takes the id of a thread for no process', async (setter) => {
  using process = await threaded();
  const tid = threadsOf(process.pid).find((each) => each !== process.pid) as number;
  const before = setter.shown(tid);
  expect(await rejection(setValue(client, setter, tid, setter.values[0]))).toBeInstanceOf(NoSuchProcessError);
  expect(setter.shown(tid)).toBe(before);
});

test('setNice with allThreads ends while threads start and end all the time, and leaves none behind', async () => {
  using process = await threaded();
  await process.run(`exec(${JSON.stringify(CHURN)})`);
  await client.setNice(process.pid, 16);
  for (const nice of [17, 18, 19]) {
    expect(await client.setNice(process.pid, nice, { allThreads: true })).toBe(nice - 1);
    expect(new Set((await process.run<number[]>('nices()')).filter((each) => each !== nice))).toEqual(new Set());
  }
});

/** Two threads that start others without end; `nices()` is the nice value of each that lives. */
const CHURN = `
import os, threading, time
def churn():
    while True:
        thread = threading.Thread(target=time.sleep, args=(0.001,), daemon=True)
        thread.start()
        thread.join()
for _ in range(2): threading.Thread(target=churn, daemon=True).start()
def nices():
    found = []
    for tid in os.listdir('/proc/self/task'):
        try: found.append(os.getpriority(os.PRIO_PROCESS, int(tid)))
        except ProcessLookupError: pass
    return found
`;
