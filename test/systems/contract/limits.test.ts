import { AccessDeniedError, constants, createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import type { World } from '../world.js';
import { openWorld } from '../worlds.js';
import { LIMITS, promised } from './promises.js';

/** What holds on every system: on this machine, and on each simulated kernel (packages/native/simulation/README.md). */
const client = createClient({ threads: 2 });
afterAll(() => client.close());

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('limits', () => {
  const { set } = promised.limits;
  const target = async () => (set === 'any' ? (await world.make({ limits: LIMITS })).pid : (await world.own()).pid);

  test('are all listed by name', async () => {
    const { pid, limits } = await world.own();
    expect(await client.rlimits(pid)).toMatchObject(limits);
    for (const [name, limit] of Object.entries(limits))
      expect(await client.getrlimit(pid, name as 'RLIMIT_CPU')).toEqual(limit);
  });

  test('that are set are in force, and the previous one is returned', async () => {
    const pid = await target();
    const before = await client.getrlimit(pid, 'RLIMIT_FSIZE');
    const after = { soft: 1, hard: Math.min(before.hard, 4000) };
    expect(await client.rlimit(pid, 'RLIMIT_FSIZE', after)).toEqual(before);
    expect(await client.getrlimit(pid, 'RLIMIT_FSIZE')).toEqual(after);
    expect(await client.rlimit(pid, constants.RLIMIT_FSIZE, { soft: 0, hard: 3000 })).toEqual(after);
    expect((await client.rlimits(pid)).RLIMIT_FSIZE).toEqual({ soft: 0, hard: 3000 });
  });

  test('that are none are Infinity, and the same constant as a bigint on every system', async () => {
    const { limits } = await world.own();
    const [name] = Object.entries(limits).find(([, { hard }]) => hard === Number.POSITIVE_INFINITY) ?? [];
    const resource = name as 'RLIMIT_CPU';
    expect((await client.getrlimit(process.pid, resource)).hard).toBe(Number.POSITIVE_INFINITY);
    expect((await client.getrlimit(process.pid, resource, { bigint: true })).hard).toBe(constants.RLIM_INFINITY);
    const { soft } = await client.getrlimit(process.pid, resource);
    await client.rlimit(process.pid, resource, { soft, hard: Number.POSITIVE_INFINITY });
    expect(await client.getrlimit(process.pid, resource)).toEqual({ soft, hard: Number.POSITIVE_INFINITY });
  });

  test('are set in the order of the calls, and reads keep their place among them', async () => {
    const pid = await target();
    const values = [50, 40, 60, 30];
    const calls = values.flatMap((soft) => [
      client.rlimit(pid, 'RLIMIT_FSIZE', { soft, hard: 3000 }),
      client.getrlimit(pid, 'RLIMIT_FSIZE'),
    ]);
    const answers = await Promise.all(calls);
    expect(answers.filter((_, i) => i % 2 === 1).map(({ soft }) => soft)).toEqual(values);
    expect(answers.filter((_, i) => i % 2 === 0 && i > 0).map(({ soft }) => soft)).toEqual(values.slice(0, -1));
  });

  test('of a PID that no process has are not set', async () => {
    const limits = { soft: 0, hard: 0 };
    expect(await rejection(client.rlimit(world.unusedPid, 'RLIMIT_FSIZE', limits))).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(client.rlimit(-5, 'RLIMIT_FSIZE', limits))).toBeInstanceOf(NoSuchProcessError);
  });

  test('of another process are not supported where the system knows none', async () => {
    const { pid } = await world.make();
    if (promised.limits.get === 'own')
      expect(await rejection(client.getrlimit(pid, 'RLIMIT_FSIZE'))).toBeInstanceOf(NotSupportedError);
    const setting = client.rlimit(pid, 'RLIMIT_FSIZE', { soft: 0, hard: 0 });
    if (set === 'any') expect(await setting).toBeDefined();
    else expect(await rejection(setting)).toBeInstanceOf(NotSupportedError);
  });

  test('that may not be set reject, and stay', async ({ skip }) => {
    skip(...world.lacking.deny);
    const pid = await target();
    const before = await client.getrlimit(pid, 'RLIMIT_FSIZE');
    world.deny({ pid } as never, 'set');
    expect(await rejection(client.rlimit(pid, 'RLIMIT_FSIZE', { soft: 0, hard: 0 }))).toBeInstanceOf(AccessDeniedError);
    expect(await client.getrlimit(pid, 'RLIMIT_FSIZE')).toEqual(before);
  });
});
