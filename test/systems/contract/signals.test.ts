import { loadAddon } from '@psutil-extra/native';
import { ANY_START } from '@psutil-extra/native/protocol';
import { createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import type { World } from '../world.js';
import { openWorld } from '../worlds.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

test('signal 0 is sent to a process, by its PID and as a Process', async () => {
  const { pid } = await world.make();
  expect(await client.kill(pid, 0)).toBe(true);
  expect(await (await client.process(pid)).kill(0)).toBe(true);
});

test('of a PID that no process has is NoSuchProcessError, also of one that means a group', async () => {
  for (const pid of [world.unusedPid, 0, -1, -5]) {
    expect(await rejection(client.kill(pid, 0)), String(pid)).toBeInstanceOf(NoSuchProcessError);
  }
});

test('the end of a process is waited for, or NotSupportedError where the system has no wait', async () => {
  const member = await world.make();
  const waiting = client.waitForExit(member.pid);
  if (client.supports('waitForExit')) {
    await member.end();
    expect(Object.keys(await waiting)).toEqual(['code', 'signal']);
  } else {
    expect(await rejection(waiting)).toBeInstanceOf(NotSupportedError);
  }
});

test('an addon without waits refuses each step of one', ({ skip }) => {
  const { ExitWatcher, capabilities, holdProcess, releaseProcess } = loadAddon();
  skip(capabilities.waits, 'this system has waits');
  const refused = { code: 'ENOTSUP', syscall: 'waitForExit' };
  const watcher = new ExitWatcher('/proc', () => {});
  expect(holdProcess(process.pid)).toMatchObject(refused);
  expect(watcher.begin(process.pid, ANY_START, -1)).toMatchObject(refused);
  watcher.cancel(1);
  releaseProcess(1);
  expect(watcher.take()).toEqual(Int32Array.of(0));
});
