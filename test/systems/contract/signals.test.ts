import { createClient, NoSuchProcessError } from 'psutil-extra';
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

test('the end of a process is waited for, by its PID and as a Process', async () => {
  expect(client.supports('waitForExit')).toBe(true);
  const member = await world.make();
  const waiting = [client.waitForExit(member.pid), (await client.process(member.pid)).waitForExit()];
  await member.end();
  for (const wait of waiting) expect(Object.keys(await wait)).toEqual(['code', 'signal']);
});

test('of a process that is gone is over for a Process, and NoSuchProcessError for its PID', async () => {
  const member = await world.make();
  const process = await client.process(member.pid);
  await member.end();
  expect(await process.waitForExit()).toEqual({ code: null, signal: null });
  for (const pid of [member.pid, world.unusedPid, 0, -1]) {
    const error = await rejection(client.waitForExit(pid));
    expect(error, String(pid)).toBeInstanceOf(NoSuchProcessError);
    expect(error).toMatchObject({ code: 'ESRCH', pid });
  }
});
