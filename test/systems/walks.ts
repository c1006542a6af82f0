import { createClient, ZombieProcessError } from 'psutil-extra';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import type { Calls } from './kinfo.js';
import { SimulatedWorld } from './simulated-world.js';
import { simulation } from './simulation.js';
import type { Promised } from './world.js';

/** For systems whose kernel finds one process by walking over all of them. */
export function describeWalks(promised: Promised, calls: Calls): void {
  describe('as where finding a process is a walk over all', () => walking(promised, calls));
}

function walking(promised: Promised, { one, everyone, boot }: Calls): void {
  const kernel = simulation();
  const client = createClient({ threads: 1 });
  afterAll(() => client.close());

  let world: SimulatedWorld;
  beforeEach(() => {
    world = new SimulatedWorld(promised);
    for (const pid of MANY) world.put({ pid });
    kernel.calls();
  });

  /** As many as a scan takes at a time. */
  const MANY = Array.from({ length: 30 }, (_, i) => 3000 + i);
  const FIELDS = ['pgid', 'sigmasks'] as const;
  const calls = () => {
    const { [boot ?? '']: _, ...counts } = kernel.calls();
    return counts;
  };

  describe('many PIDs', () => {
    test('are read by one walk for all, and few by one each', async () => {
      expect(await client.scan({ fields: FIELDS, pids: MANY })).toHaveLength(MANY.length);
      expect(calls()).toEqual({ [everyone]: 2 });
      expect(await Promise.all(MANY.map((pid) => client.pgid(pid)))).toEqual(MANY);
      expect(calls()).toEqual({ [everyone]: 2 });
      expect(await client.scan({ fields: FIELDS, pids: MANY.slice(0, 5) })).toHaveLength(5);
      expect(calls()).toEqual({ [one]: 5 });
    });

    test('that the walk has not found are read alone', async () => {
      world.remove(3007);
      kernel.on({ call: everyone, skip: 1, kind: 'remove', victim: 3008 });
      expect([...(await client.scan({ fields: FIELDS, pids: MANY })).pids]).toEqual(
        MANY.filter((pid) => pid !== 3007 && pid !== 3008),
      );
      expect(calls()).toEqual({ [everyone]: 2, [one]: 2 });
    });

    test('are read alone if the walk fails', async () => {
      kernel.on({ call: everyone, kind: 'error', error: 'ENOMEM', times: 100 });
      kernel.on({ call: everyone, kind: 'error', error: 'EPERM' });
      expect(await client.scan({ fields: FIELDS, pids: MANY })).toHaveLength(MANY.length);
      expect(calls()[one]).toBe(MANY.length);
    });

    test('of Processes have rows only while they are the same processes', async () => {
      const processes = await Promise.all(MANY.map((pid) => client.process(pid)));
      world.put({ pid: 3005, start: 7 });
      const table = await client.scan({ fields: FIELDS, pids: processes });
      expect([...table.pids]).toEqual(MANY.filter((pid) => pid !== 3005));
      kernel.on({ call: everyone, kind: 'clock', number: 3_600_000_000 });
      expect(await client.scan({ fields: FIELDS, pids: processes })).toHaveLength(MANY.length - 1);
    });
  });

  describe('a zombie', () => {
    test('is in a scan of everything and in one of many PIDs, without its start', async () => {
      const pid = await world.zombie();
      for (const table of [
        await client.scan({ fields: ['state', 'startTime'] }),
        await client.scan({ fields: ['state', 'startTime'], pids: [...MANY, pid] }),
      ]) {
        expect(table.get(pid)).toMatchObject({ state: 'zombie', startTime: null });
        expect(table.error(pid, 'startTime')).toBeInstanceOf(ZombieProcessError);
      }
    });

    test('is no Process: it is unknown which process had the PID', async () => {
      const pid = 3001;
      const process = await client.process(pid);
      world.put({ ...world.member(pid), state: 5 });
      expect(await rejection(process.pgid())).toBeInstanceOf(ZombieProcessError);
      expect(await process.isRunning()).toBe(false);
      expect(await client.pgid(pid)).toBe(pid);
      expect(await rejection(client.process(pid))).toBeInstanceOf(ZombieProcessError);
      const table = await client.scan({ fields: FIELDS, pids: [process, ...MANY] });
      expect(table.error(pid, 'pgid')).toBeInstanceOf(ZombieProcessError);
    });
  });
}
