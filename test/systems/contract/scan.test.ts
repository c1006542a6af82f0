import { createClient } from 'psutil-extra';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { World } from '../world.js';
import { openWorld } from '../worlds.js';
import { FACTS, promised, supported } from './promises.js';

/** What holds on every system: on this machine, and on each simulated kernel (packages/native/simulation/README.md). */
const client = createClient({ threads: 2 });
afterAll(() => client.close());

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('a scan', () => {
  const FEW = ['name', 'pgid', 'startTime'] as const;

  test('of everything has every process, each as it is', async () => {
    const members = await Promise.all([world.make(FACTS), world.make(), world.make()]);
    const table = await client.scan({ fields: supported });
    // A process that BPF leaves to the files, such as one without its main thread, may be another test's.
    expect(client.supports('bpf') ? ['bpf', 'bpf+procfs'] : [promised.reading]).toContain(table.source);
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
