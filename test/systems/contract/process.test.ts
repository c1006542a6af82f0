import {
  AccessDeniedError,
  createClient,
  FIELDS,
  type Field,
  NoSuchProcessError,
  NotSupportedError,
  ZombieProcessError,
} from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import { UNSTEADY } from '../../processes/unsteady.js';
import { until } from '../../processes/until.js';
import type { World } from '../world.js';
import { openWorld } from '../worlds.js';
import { FACTS, LIMITS, promised, supported, supportedOf } from './promises.js';

/** What holds on every system: on this machine, and on each simulated kernel (packages/native/simulation/README.md). */
const client = createClient({ threads: 2 });
afterAll(() => client.close());

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a process', () => {
  test('has the values that it has set', async () => {
    const member = await world.make(FACTS);
    const { limits, blocked, ignored, caught, ...truth } = await member.truth();
    const snapshot = await client.snapshot(member.pid, { fields: FIELDS, fallback: 'missing' });
    for (const field of supportedOf(Object.keys(truth) as Field[])) {
      expect(snapshot[field], field).toEqual(truth[field as keyof typeof truth]);
    }
    expect(supported.filter((field) => field !== 'rlimits' && snapshot[field] === 'missing')).toEqual([]);
    const sets = snapshot.sigmasks as Record<string, { mask: bigint; names(): string[] }>;
    expect(Object.keys(sets).sort()).toEqual([...promised.signalSets].sort());
    for (const [name, mask] of Object.entries({ blocked, ignored, caught })) {
      if (name in sets) expect(sets[name]?.mask, name).toBe(mask);
    }
    expect(sets['ignored']?.names()).toEqual(expect.arrayContaining(FACTS.ignored));
    expect(sets['caught']?.names()).toEqual(expect.arrayContaining(FACTS.caught));
    if (promised.limits.get === 'any') expect(snapshot.rlimits).toMatchObject(limits);
    else expect(snapshot.rlimits).toBe('missing');
  });

  test('has the same values by each field alone, by a snapshot and by a scan', async () => {
    const { pid } = await world.make(FACTS);
    const fields = supported.filter(
      (field) => (field !== 'rlimits' || promised.limits.get === 'any') && !UNSTEADY.includes(field),
    );
    const snapshot = await client.snapshot(pid, { fields });
    const row = (await client.scan({ fields, pids: [pid] })).get(pid);
    for (const field of fields) {
      const alone = JSON.stringify(await client[field as 'umask'](pid));
      expect(JSON.stringify(snapshot[field]), field).toBe(alone);
      expect(JSON.stringify(row?.[field]), field).toBe(alone);
    }
  });

  test('has no field that the system does not support', async () => {
    const { pid } = await world.make();
    for (const field of FIELDS.filter((each) => !supported.includes(each))) {
      expect(await rejection(client[field as 'umask'](pid)), field).toBeInstanceOf(NotSupportedError);
    }
    const snapshot = await client.snapshot(pid, { fields: FIELDS });
    expect(FIELDS.filter((field) => !supported.includes(field) && snapshot[field] !== null)).toEqual([]);
  });

  test('that changes is read again', async () => {
    const member = await world.make({ name: 'before' });
    expect(await client.name(member.pid)).toBe('before');
    await member.change({ name: 'after' });
    expect(await client.name(member.pid)).toBe('after');
  });

  test('has the same start time for every caller', async () => {
    const { pid } = await world.make();
    const { startTime } = await client.process(pid);
    expect(await client.startTime(pid)).toBe(startTime);
    expect(startTime).toBeGreaterThan(1e12);
  });

  test('that no process has is an error for every call', async () => {
    const ended = await world.make();
    await ended.end();
    for (const pid of [world.unusedPid, ended.pid, -5]) {
      for (const field of supported) {
        const error = await rejection(client[field as 'umask'](pid));
        expect(error, `${field} of ${pid}`).toBeInstanceOf(NoSuchProcessError);
        expect(error).not.toBeInstanceOf(ZombieProcessError);
        expect(error).toMatchObject({ code: 'ESRCH', pid });
      }
      expect(await rejection(client.snapshot(pid))).toBeInstanceOf(NoSuchProcessError);
      expect(await rejection(client.process(pid))).toBeInstanceOf(NoSuchProcessError);
    }
  });

  test('that has ended and is not waited for is a zombie, and has lost what a zombie loses', async () => {
    const pid = await world.zombie();
    if (!promised.findsZombies) {
      expect(await rejection(client.snapshot(pid, { fields: supported }))).toBeInstanceOf(NoSuchProcessError);
      return;
    }
    const snapshot = await client.snapshot(pid, { fields: supported, fallback: 'lost' });
    expect(snapshot.state).toBe('zombie');
    const others = supported.filter((field) => field !== 'rlimits' || promised.limits.get === 'any');
    expect(others.filter((field) => snapshot[field] === 'lost').sort()).toEqual([...promised.zombieLoses].sort());
    for (const field of promised.zombieLoses) {
      expect(await rejection(client[field as 'umask'](pid)), field).toBeInstanceOf(ZombieProcessError);
    }
  });

  test('that denies a field leaves the others, null in its place', async ({ skip }) => {
    skip(...world.lacking.deny);
    const denied = supportedOf(['umask', 'rlimits', 'groups', 'sigmasks']).filter(
      (field) => !promised.bulk.includes(field),
    );
    for (const field of denied.filter((each) => each !== 'rlimits' || promised.limits.get === 'any')) {
      const member = await world.make();
      world.deny(member, field);
      expect(await rejection(client[field as 'umask'](member.pid)), field).toBeInstanceOf(AccessDeniedError);
      expect(await client.snapshot(member.pid, { fields: [field, 'pgid'] })).toMatchObject({ [field]: null });
      const table = await client.scan({ fields: [field, 'pgid'], pids: [member.pid] });
      expect(table.get(member.pid)).toMatchObject({ [field]: null, pgid: expect.any(Number) });
      expect(table.error(member.pid, field)).toBeInstanceOf(AccessDeniedError);
    }
  });
});

describe('a oneshot', () => {
  test.each(Object.entries(promised.shared))(
    'reads %s once for all the fields that it holds',
    async (source, fields) => {
      const { pid } = await world.make(FACTS);
      await using counted = createClient({ threads: 1 });
      await counted.oneshot(pid, async (process) => {
        for (const field of [...fields, ...fields]) await process[field as 'umask']();
      });
      expect(counted.stats().reads[source]).toBe(1);
    },
  );

  test('returns the same values after its first read, even if the process has changed or ended', async () => {
    const member = await world.make({ name: 'before' });
    await client.oneshot(member.pid, async (process) => {
      expect(await process.name()).toBe('before');
      await member.change({ name: 'after' });
      expect(await process.name()).toBe('before');
      await member.end();
      // In a PID namespace the leader of its group may be outside: then it is 0.
      expect(await process.pgid()).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('a Process', () => {
  test('is the process that has its PID', async () => {
    const { pid } = await world.make(FACTS);
    const process = await client.process(pid);
    expect(await process.isRunning()).toBe(true);
    expect(await process.pgid()).toBe(pid);
    expect(await process.name()).toBe('a name');
    if (supported.includes('umask')) expect(await process.umask()).toBe(0o35);
    const all = await process.snapshot({ fields: supported });
    expect(all.pid).toBe(pid);
    if (promised.limits.set === 'any') {
      expect(await process.rlimit('RLIMIT_FSIZE', { soft: 0, hard: 9 })).toEqual(LIMITS.RLIMIT_FSIZE);
      expect(await process.getrlimit('RLIMIT_FSIZE')).toEqual({ soft: 0, hard: 9 });
    }
  });

  test('is gone once its PID belongs to another, for reads and for sets', async ({ skip }) => {
    skip(...world.lacking.recyclable);
    const process = await until('its PID belongs to another', async () => {
      const recyclable = await world.recyclable();
      const made = await client.process(recyclable.pid);
      return (await recyclable.recycle()) ? made : undefined;
    });
    expect(await client.pgid(process.pid)).toBeGreaterThanOrEqual(0);
    for (const field of supported.filter((each) => each !== 'startTime')) {
      expect(await rejection(process[field as 'umask']()), field).toBeInstanceOf(NoSuchProcessError);
    }
    expect(await process.isRunning()).toBe(false);
    expect(await rejection(process.kill(0))).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(process.rlimit('RLIMIT_FSIZE', { soft: 0, hard: 0 }))).toBeInstanceOf(NoSuchProcessError);
    expect((await client.scan({ pids: [process] })).length).toBe(0);
    if (promised.limits.get === 'any') {
      expect((await client.getrlimit(process.pid, 'RLIMIT_FSIZE')).hard).not.toBe(0);
    }
  });
});
