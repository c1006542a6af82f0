import { array, assert, asyncProperty, constant, integer, nat, oneof, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportToPrometheus, groupProcesses } from '../../packages/metrics/dist/index.js';
import { SERIES_PER_GROUP } from '../../packages/metrics/dist/measurements.js';
import { groupsOf, samplesOf } from './scrape.js';
import { type Simulated, World } from './world.js';

/** Series about the exporter itself. */
const OWN = 5;
/** Processes that are there at once. */
const BATCH = 2000;

describe('the number of series', () => {
  it('stays below its bound while 100,000 processes with names of their own come and go', async () => {
    const world = new World();
    world.start({ name: 'steady' });
    const maxGroups = 20;
    await using groups = groupProcesses(world.client(), { interval: 50, maxGroups, forgetAfter: 0 });
    await groups.ready();
    const registry = exportToPrometheus(groups);
    let most = 0;
    for (let begun = 0; begun < 100_000; begun += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, at) => world.start({ name: `job-${begun + at}` }));
      await world.read(groups);
      const text = await registry.metrics();
      most = Math.max(most, samplesOf(text).size);
      expect(groupsOf(text)).toContain('steady');
      for (const process of batch) world.end(process);
    }
    expect(most).toBe((maxGroups + 1) * SERIES_PER_GROUP + OWN);
    await world.read(groups);
    // Those that have ended hold no place, and nothing else.
    expect(groupsOf(await registry.metrics())).toEqual(['steady']);
  }, 60_000);

  it('has all starts in it, of those in the group other as well', async () => {
    const world = new World();
    await using groups = groupProcesses(world.client(), { interval: 50, maxGroups: 2, forgetAfter: Infinity });
    await groups.ready();
    const registry = exportToPrometheus(groups);
    for (let i = 0; i < 500; i++) world.start({ name: `job-${i}`, cpuTimes: { user: 1000, system: 0 } });
    await world.read(groups);
    const text = await registry.metrics();
    expect(groupsOf(text)).toEqual(['job-0', 'job-1', 'other']);
    expect(samplesOf(text).get('process_group_starts_total{group="other"}')).toBe(498);
    expect(samplesOf(text).get('process_group_cpu_time_seconds_total{group="other",cpu_mode="user"}')).toBe(498);
  });
});

describe('a place', () => {
  it('is given back by a group that has had no process for some time, and not before', async () => {
    const world = new World();
    const job = world.start({ name: 'job' });
    await using groups = groupProcesses(world.client(), { interval: 50, maxGroups: 1, forgetAfter: 3_600_000 });
    await groups.ready();
    const registry = exportToPrometheus(groups);
    world.end(job);
    world.start({ name: 'late' });
    await world.read(groups);
    expect(groupsOf(await registry.metrics())).toEqual(['job', 'other']);
    expect(samplesOf(await registry.metrics()).get('process_group_memory_usage_bytes{group="job"}')).toBe(0);
  });

  it('is taken from other by a process that waits for one', async () => {
    const world = new World();
    const job = world.start({ name: 'job' });
    const late = world.start({ name: 'late', cpuTimes: { user: 1000, system: 0 } });
    await using groups = groupProcesses(world.client(), { interval: 50, maxGroups: 1, forgetAfter: 0 });
    await groups.ready();
    const registry = exportToPrometheus(groups);
    world.end(job);
    // The place is given back at the end of a reading.
    await world.read(groups);
    late.cpuTimes.user = 1500;
    await world.read(groups);
    const samples = samplesOf(await registry.metrics());
    expect(samples.get('process_group_cpu_time_seconds_total{group="late",cpu_mode="user"}')).toBe(0.5);
  });

  it('is kept for a rule whose name is the same for all its processes', async () => {
    const world = new World();
    for (let i = 0; i < 10; i++) world.start({ name: `job-${i}` });
    const groupBy = [{ group: 'database', name: 'postgres' }, {}];
    await using groups = groupProcesses(world.client(), { interval: 50, maxGroups: 3, groupBy });
    await groups.ready();
    const registry = exportToPrometheus(groups);
    expect(groupsOf(await registry.metrics())).toEqual(['job-0', 'job-1', 'other']);
    world.start({ name: 'postgres' });
    await world.read(groups);
    expect(groupsOf(await registry.metrics())).toEqual(['database', 'job-0', 'job-1', 'other']);
  });
});

describe('counters', () => {
  /** What happens between two readings. */
  const event = oneof(
    record({ kind: constant('start' as const), name: integer({ min: 0, max: 9 }), used: nat(5000) }),
    record({ kind: constant('end' as const), which: nat() }),
    record({ kind: constant('use' as const), which: nat(), used: nat(5000) }),
    record({ kind: constant('exec' as const), which: nat(), name: integer({ min: 0, max: 9 }) }),
    record({ kind: constant('reuse' as const), which: nat(), used: nat(5000) }),
    record({ kind: constant('set clock' as const), by: integer({ min: -3600, max: 3600 }) }),
  );

  it('never run backwards while their series is there, and lose nothing, whatever processes do', async () => {
    await assert(
      asyncProperty(array(array(event, { maxLength: 6 }), { minLength: 1, maxLength: 12 }), async (rounds) => {
        const world = new World();
        // Those that stay show the clock.
        for (let pid = 1; pid <= 40; pid++) world.start({ pid, name: 'steady' });
        await using groups = groupProcesses(world.client(), { interval: 50, maxGroups: 4, forgetAfter: 0 });
        await groups.ready();
        const registry = exportToPrometheus(groups);
        let before = new Map<string, number>();
        for (const events of rounds) {
          for (const each of events) happen(world, each);
          await world.read(groups);
          const now = samplesOf(await registry.metrics());
          for (const [series, value] of now) {
            if (series.includes('_total{')) expect(value, series).toBeGreaterThanOrEqual(before.get(series) ?? 0);
          }
          before = now;
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('add up to what processes had used when they were read last', async () => {
    await assert(
      asyncProperty(array(array(event, { maxLength: 6 }), { minLength: 1, maxLength: 12 }), async (rounds) => {
        const world = new World();
        for (let pid = 1; pid <= 40; pid++) world.start({ pid, name: 'steady' });
        await using groups = groupProcesses(world.client(), { interval: 50, maxGroups: 4, forgetAfter: Infinity });
        await groups.ready();
        const registry = exportToPrometheus(groups);
        const seen = new Map<Simulated, number>();
        const note = () => {
          for (const process of world.processes.values()) seen.set(process, process.cpuTimes.user);
        };
        note();
        for (const events of rounds) {
          for (const each of events) happen(world, each);
          await world.read(groups);
          note();
        }
        let total = 0;
        for (const [series, value] of samplesOf(await registry.metrics())) {
          if (series.startsWith('process_group_cpu_time') && series.includes('user')) total += value;
        }
        const expected = [...seen.values()].reduce((sum, used) => sum + used, 0) / 1000;
        expect(total).toBeCloseTo(expected, 6);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

type Event =
  | { kind: 'start'; name: number; used: number }
  | { kind: 'end'; which: number }
  | { kind: 'use'; which: number; used: number }
  | { kind: 'exec'; which: number; name: number }
  | { kind: 'reuse'; which: number; used: number }
  | { kind: 'set clock'; by: number };

/** Only processes that a test has started change: those that stay show the clock. */
function happen(world: World, event: Event): void {
  const mortal = [...world.processes.values()].filter(({ pid }) => pid > 40);
  const chosen = 'which' in event ? mortal[event.which % Math.max(1, mortal.length)] : undefined;
  switch (event.kind) {
    case 'start':
      world.start({ name: `job-${event.name}`, cpuTimes: { user: event.used, system: 0 } });
      return;
    case 'set clock':
      for (const process of world.processes.values()) process.startTime += event.by * 1000;
      return;
    case 'end':
      if (chosen !== undefined) world.end(chosen);
      return;
    case 'use':
      if (chosen !== undefined) chosen.cpuTimes.user += event.used;
      return;
    case 'exec':
      if (chosen !== undefined) chosen.name = `job-${event.name}`;
      return;
    case 'reuse':
      if (chosen !== undefined) {
        const { pid, name, startTime } = chosen;
        world.end(chosen);
        world.start({ pid, name, startTime: startTime + 10, cpuTimes: { user: event.used, system: 0 } });
      }
  }
}
