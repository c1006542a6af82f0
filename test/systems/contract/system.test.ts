import { loadAddon, run } from '@psutil-extra/native';
import { FieldSet } from '@psutil-extra/native/protocol';
import { constants, createClient, FIELDS, NotSupportedError } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../processes/rejection.js';
import type { World } from '../world.js';
import { openWorld } from '../worlds.js';
import { promised, supported } from './promises.js';

/** What holds on every system: on this machine, and on each simulated kernel (packages/native/simulation/README.md). */
const client = createClient({ threads: 2 });
afterAll(() => client.close());

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SIGNAL_SETS = ['pending', 'blocked', 'ignored', 'caught', 'processPending'];

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
