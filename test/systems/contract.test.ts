import { loadAddon, run } from '@psutil-extra/native';
import { FieldSet } from '@psutil-extra/native/protocol';
import {
  AccessDeniedError,
  constants,
  createClient,
  FIELDS,
  type Field,
  NoSuchProcessError,
  NotSupportedError,
  ZombieProcessError,
} from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../processes/rejection.js';
import { UNSTEADY } from '../processes/unsteady.js';
import { until } from '../processes/until.js';
import type { World } from './world.js';
import { openWorld } from './worlds.js';

/**
 * What holds on every system, over this machine and over each simulated kernel: see
 * packages/native/simulation/README.md.
 */
const { promised } = await openWorld();
const { supported } = promised;
const SIGNAL_SETS = ['pending', 'blocked', 'ignored', 'caught', 'processPending'];
const supportedOf = (fields: readonly Field[]) => fields.filter((field) => supported.includes(field));
const client = createClient({ threads: 2 });
afterAll(() => client.close());

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const LIMITS = { RLIMIT_NOFILE: { soft: 200, hard: 300 }, RLIMIT_FSIZE: { soft: 0, hard: 4096 } };
const FACTS = {
  name: 'a name',
  umask: 0o35,
  blocked: ['SIGUSR1', 'SIGCHLD'],
  ignored: ['SIGHUP', 'SIGWINCH'],
  caught: ['SIGUSR2', 'SIGTERM'],
  limits: LIMITS,
  leads: true,
};

describe('what the system is', () => {
  test('supports() is true of what is promised and of nothing else', () => {
    expect(FIELDS.filter((field) => client.supports(field))).toEqual(
      FIELDS.filter((field) => supported.includes(field)),
    );
    expect(client.supports('rlimit')).toBe(promised.limits.set !== 'none');
    expect(client.supports('getrlimit')).toBe(promised.limits.get !== 'none');
    const setters = ['setNice', 'setIoPriority', 'setAffinity', 'setScheduler', 'setOomScoreAdj'];
    expect(setters.filter((setter) => client.supports(setter))).toEqual(promised.backend === 'linux' ? setters : []);
    const always = ['pids', 'scan', 'scanBatches', 'snapshot', 'oneshot', 'process'];
    expect(always.filter((method) => !client.supports(method))).toEqual([]);
  });

  test('the addon says the same', () => {
    const { backend, reading, bulk, signalSets, getRlimit, setRlimit } = loadAddon().capabilities;
    expect({ backend, reading, limits: { get: getRlimit, set: setRlimit } }).toEqual({
      backend: promised.backend,
      reading: promised.reading,
      limits: promised.limits,
    });
    expect(FIELDS.filter((_, field) => FieldSet.fromBits(bulk).has(field))).toEqual(
      FIELDS.filter((field) => promised.bulk.includes(field)),
    );
    expect(SIGNAL_SETS.filter((_, set) => (signalSets >> set) & 1)).toEqual(promised.signalSets);
  });

  test('every process is read at once only if one call returns all fields requested', () => {
    const { Reader, capabilities } = loadAddon();
    const { bulk } = capabilities;
    const reader = new Reader('/proc');
    const everything = 2 ** FIELDS.length - 1;
    for (const fields of [0, bulk, everything]) {
      const read = () => run(reader, { op: 'table', fields });
      const isRefused = bulk === 0 || (fields & ~bulk) !== 0;
      if (isRefused) expect(read, String(fields)).toThrow(/^The "fields" argument must have only fields that one call/);
      else expect(read(), String(fields)).toBeTypeOf('object');
    }
  });

  test('supports() of any other field is false, by name and by number', async ({ skip }) => {
    const others = FIELDS.filter((each) => !supported.includes(each));
    skip(others.length === 0, 'this system supports every field');
    const { pid } = await world.make();
    for (const field of others) {
      const error = await rejection(client[field](pid));
      expect(error, field).toBeInstanceOf(NotSupportedError);
      expect(error, field).toMatchObject({ code: 'ENOTSUP', errno: -95 });
    }
  });

  test('setting anything but a limit is NotSupportedError, by number and by Process', async ({ skip }) => {
    skip(promised.backend === 'linux', 'this system supports every setter');
    const { pid } = await world.make();
    for (const proc of [pid, await client.process(pid)]) {
      const calls = [
        client.setNice(proc, 1),
        client.setIoPriority(proc, { class: 'idle' }),
        client.setAffinity(proc, [0]),
        client.setScheduler(proc, { policy: 'batch' }),
        client.setOomScoreAdj(proc, 1),
      ];
      for (const call of calls) expect(await rejection(call)).toBeInstanceOf(NotSupportedError);
    }
  });

  test('resources and signals have the numbers of its own headers', async () => {
    const { sigmasks } = await client.snapshot((await world.make()).pid, { fields: ['sigmasks'] });
    for (const [name, number] of Object.entries(promised.numbers)) {
      if (name.startsWith('RLIMIT_')) expect(constants[name as 'RLIMIT_CPU'], name).toBe(number);
      else expect(sigmasks?.ignored?.has(name), name).toBe(sigmasks?.ignored?.has(number));
    }
  });
});

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
      expect(await process.pgid()).toBeGreaterThan(0);
    });
  });
});

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
    expect(await client.pgid(process.pid)).toBeGreaterThan(0);
    for (const field of supported.filter((each) => each !== 'startTime')) {
      expect(await rejection(process[field as 'umask']()), field).toBeInstanceOf(NoSuchProcessError);
    }
    expect(await process.isRunning()).toBe(false);
    expect(await rejection(process.rlimit('RLIMIT_FSIZE', { soft: 0, hard: 0 }))).toBeInstanceOf(NoSuchProcessError);
    expect((await client.scan({ pids: [process] })).length).toBe(0);
    if (promised.limits.get === 'any') {
      expect((await client.getrlimit(process.pid, 'RLIMIT_FSIZE')).hard).not.toBe(0);
    }
  });
});

describe('a scan', () => {
  const FEW = ['name', 'pgid', 'startTime'] as const;

  test('of everything has every process, each as it is', async () => {
    const members = await Promise.all([world.make(FACTS), world.make(), world.make()]);
    const table = await client.scan({ fields: supported });
    expect(table.source).toBe(client.supports('bpf') ? 'bpf' : promised.reading);
    for (const member of members) {
      const truth = await member.truth();
      const row = table.get(member.pid);
      expect(row?.name).toBe(truth.name);
      expect(row?.pgid).toBe(truth.pgid);
      if (supported.includes('umask')) expect(row?.umask).toBe(truth.umask);
    }
    expect(new Set(table.pids).size).toBe(table.length);
  });

  test('of fields in bulk takes one message, and brings what asking for each brings', async () => {
    const member = await world.make(FACTS);
    await using counted = createClient({ threads: 1 });
    const fields = promised.bulk.length > 0 ? promised.bulk : FEW;
    const table = await counted.scan({ fields });
    if (promised.bulk.length > 0) expect(counted.stats().messages).toBe(1);
    const snapshot = await counted.snapshot(member.pid, { fields });
    expect(JSON.parse(JSON.stringify(table.get(member.pid)))).toEqual(JSON.parse(JSON.stringify(snapshot)));
  });

  test('of given PIDs has those that exist', async () => {
    const member = await world.make();
    const ended = await world.make();
    await ended.end();
    const table = await client.scan({ fields: supported, pids: [member.pid, ended.pid, world.unusedPid] });
    expect([...table.pids]).toEqual([member.pid]);
  });

  test('in batches has every process once, and no batch more rows than `size`', async () => {
    const members = await Promise.all([world.make(), world.make(), world.make()]);
    const pids: number[] = [];
    for await (const batch of client.scanBatches({ fields: FEW, batchSize: 2 })) {
      expect(batch.length).toBeLessThanOrEqual(2);
      pids.push(...batch.pids);
    }
    expect(pids.length).toBe(new Set(pids).size);
    expect(pids).toEqual(expect.arrayContaining(members.map(({ pid }) => pid)));
  });

  test('pids() has every process', async () => {
    const member = await world.make();
    const ended = await world.make();
    await ended.end();
    const pids = await client.pids();
    expect(pids).toContain(member.pid);
    expect(pids).not.toContain(ended.pid);
  });
});
