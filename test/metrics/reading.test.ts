import { once } from 'node:events';
import { createClient } from 'psutil-extra';
import { afterEach, describe, expect, it } from 'vitest';
import { exportToPrometheus, groupProcesses } from '../../packages/metrics/dist/index.js';
import { closeGroups, grouped, opened } from './grouped.js';
import { World } from './world.js';

afterEach(closeGroups);

describe('reading', () => {
  it('is tried again after a failure, and says so', async () => {
    const world = new World();
    world.start();
    const errors: unknown[] = [];
    const { groups, read, value } = await grouped(world, { onError: (error) => errors.push(error) });
    const failure = new Error('no descriptors are left');
    world.failure = failure;
    await read();
    expect([groups.failures, groups.error, errors]).toEqual([1, failure, [failure]]);
    await read();
    expect([groups.error, await value('sample_failures_total')]).toEqual([undefined, 1]);
  });

  it('goes on if the listener throws, whose error is that of the program', async () => {
    const world = new World();
    world.start();
    const thrown = new Error('of the listener');
    const { groups, read } = await grouped(world, {
      onError: () => {
        throw thrown;
      },
    });
    const others = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
    process.removeAllListeners('uncaughtException');
    const uncaught = once(process, 'uncaughtException');
    try {
      world.failure = new Error('no descriptors are left');
      await read();
      expect((await uncaught)[0]).toBe(thrown);
    } finally {
      for (const other of others) process.on('uncaughtException', other);
    }
    const { readings } = groups;
    await read();
    expect(groups.readings).toBe(readings + 1);
  });

  it('that fails at first rejects ready() with the reason', async () => {
    const world = new World();
    const failure = new Error('there is no /proc');
    world.failure = failure;
    const groups = groupProcesses(world.client(), { interval: 50 });
    opened.push(groups);
    await expect(groups.ready()).rejects.toBe(failure);
  });

  it('is one, for scrapes at once and for several exporters', async () => {
    const world = new World();
    world.start();
    const { groups, scrape } = await grouped(world);
    const other = exportToPrometheus(groups);
    const scans = world.scans.length;
    const texts = await Promise.all([scrape(), scrape(), other.metrics(), scrape()]);
    expect(new Set(texts.map((text) => text.replace(/^process_group_(uptime|sample_timestamp).*$/gm, ''))).size).toBe(
      1,
    );
    expect([world.scans.length, world.samplers, groups.readings]).toEqual([scans, 1, 1]);
  });

  it('ends with the client', async () => {
    const client = createClient({ threads: 1 });
    const groups = groupProcesses(client, { interval: 50 });
    opened.push(groups);
    await groups.ready();
    await client.close();
    const { readings } = groups;
    await groups.close();
    expect([groups.readings, groups.failures]).toEqual([readings, 0]);
    const late = groupProcesses(client);
    await expect(late.ready()).rejects.toThrow('have been closed before a reading');
    await late.close();
  });

  it('ends with close(), which can be called twice', async () => {
    const world = new World();
    const { groups } = await grouped(world);
    await groups.close();
    await groups.close();
    await expect(groups.ready()).resolves.toBeUndefined();
  });
});
