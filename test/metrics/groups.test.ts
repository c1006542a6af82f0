import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../processes/until.js';
import { closeGroups, grouped } from './grouped.js';
import { World } from './world.js';

afterEach(closeGroups);

describe('a process is in the group', () => {
  it.each([
    { groupBy: 'name', is: 'nginx' },
    { groupBy: 'user', is: 'www-data' },
    { groupBy: 'cgroup', is: '/system.slice/nginx.service' },
    { groupBy: 'container', is: '0123456789ab' },
  ] as const)('of its $groupBy: $is', async ({ groupBy, is }) => {
    const world = new World();
    world.start({
      name: 'nginx',
      username: 'www-data',
      cgroup: '/system.slice/nginx.service',
      containerId: '0123456789abcdef'.repeat(4),
    });
    expect(await (await grouped(world, { groupBy })).names()).toEqual([is]);
  });

  it('host, none or unknown if it is in no container or control group, or its user is not known', async () => {
    const world = new World();
    world.start({ cgroup: null });
    expect(await (await grouped(world, { groupBy: 'container' })).names()).toEqual(['host']);
    expect(await (await grouped(world, { groupBy: 'cgroup' })).names()).toEqual(['none']);
    expect(await (await grouped(world, { groupBy: 'user' }, ['username'])).names()).toEqual(['unknown']);
  });

  it('of the first rule of which all conditions hold', async () => {
    const world = new World();
    world.start({ name: 'java', cmdline: ['java', '-jar', 'shop.jar'], username: 'shop' });
    world.start({ name: 'java', cmdline: ['java', '-jar', 'shop.jar'], username: 'test' });
    world.start({ name: 'java', cmdline: ['java', '-jar', 'mail.jar'] });
    world.start({ name: 'bash' });
    const groupBy = [
      { group: 'shop', cmdline: /shop\.jar/, user: 'shop' },
      { group: 'java-{jar}', name: ['java', 'javaw'], cmdline: /-jar (?<jar>\w+)/ },
    ];
    expect(await (await grouped(world, { groupBy })).names()).toEqual(['java-mail', 'java-shop', 'shop']);
  });

  it('of none if no rule holds', async () => {
    const world = new World();
    world.start({ name: 'bash' });
    const { names, groups } = await grouped(world, { groupBy: [{ name: 'nginx' }] });
    expect([await names(), groups.size]).toEqual([[], 0]);
  });

  it('kernel, if it is a thread of the kernel, whose names come and go', async () => {
    const world = new World();
    world.start({ pid: 2, name: 'kthreadd', ppid: 0, memory: { rss: 0, vms: 0 }, cmdline: [] });
    world.start({ name: 'kworker/0:1', ppid: 2, memory: { rss: 0, vms: 0 }, cmdline: [] });
    world.start({ name: 'defunct', ppid: 2, state: 'zombie', memory: { rss: 0, vms: 0 }, cmdline: [] });
    expect(await (await grouped(world)).names()).toEqual(['defunct', 'kernel']);
  });

  it('of its program if it is called MainThread, as Node.js programs are', async () => {
    const world = new World();
    world.start({ name: 'MainThread', cmdline: ['/usr/bin/node', 'server.js'] });
    world.start({ name: 'nginx' });
    expect(await (await grouped(world)).names()).toEqual(['nginx', 'node']);
    // Of the others no command line is read: that may block.
    expect(world.scans.filter(({ fields }) => fields.includes('cmdline')).map(({ pids }) => pids)).toEqual([[101]]);
  });

  it('of another program as soon as it executes that, and what it has counted before stays where it was', async () => {
    const world = new World();
    const process = world.start({ name: 'sh', cpuTimes: { user: 3000, system: 0 } });
    const { read, value } = await grouped(world);
    process.name = 'nginx';
    process.cpuTimes.user = 5000;
    await read();
    expect(await value('cpu_time_seconds_total{group="sh",cpu_mode="user"}')).toBe(3);
    expect(await value('cpu_time_seconds_total{group="nginx",cpu_mode="user"}')).toBe(2);
    expect([await value('starts_total{group="sh"}'), await value('starts_total{group="nginx"}')]).toEqual([0, 1]);
  });
});

describe('a process moves to another group', () => {
  it.each([
    { groupBy: 'container', change: { containerId: '0123456789abcdef'.repeat(4) }, from: 'host', to: '0123456789ab' },
    { groupBy: 'cgroup', change: { cgroup: '/shop.slice' }, from: '/', to: '/shop.slice' },
    { groupBy: 'user', change: { username: 'www-data' }, from: 'root', to: 'www-data' },
  ] as const)('at the slow pace, if its $groupBy changes', async ({ groupBy, change, from, to }) => {
    const world = new World();
    const process = world.start();
    const { read, names, value } = await grouped(world, { groupBy, slowInterval: 50 });
    expect(await names()).toEqual([from]);
    Object.assign(process, change);
    await until('it has been read again', async () => {
      await read();
      return (await value(`threads{group="${to}"}`)) === 1;
    });
    expect(await value(`threads{group="${from}"}`)).toBe(0);
  });

  it('not by its end: what a zombie no longer has is kept', async () => {
    const world = new World();
    const process = world.start({ cgroup: '/shop.slice' });
    const { read, value } = await grouped(world, { groupBy: 'cgroup', slowInterval: 50 });
    Object.assign(process, { state: 'zombie', cgroup: '/', cmdline: [], exe: null });
    const scans = world.scans.length;
    await until('it has been read again', async () => {
      await read();
      return world.scans.length > scans + 1;
    });
    expect(await value('processes{group="/shop.slice",state="zombie"}')).toBe(1);
  });

  it('at the next reading, if what it is chosen by could not be read', async () => {
    const world = new World();
    const { read, groups, names } = await grouped(world, { groupBy: 'user' });
    world.start({ username: 'shop' });
    world.failureOfFacts = new Error('no descriptors are left');
    await read();
    expect(groups.failures).toBe(1);
    await until('there is another sample', async () => world.samplers > 1);
    await read();
    expect(await names()).toEqual(['shop']);
  });
});

describe('a counter', () => {
  it('keeps what ended processes have counted', async () => {
    const world = new World();
    const first = world.start({ cpuTimes: { user: 1000, system: 500 }, io: { readBytes: 10, writeBytes: 20 } });
    const second = world.start({ cpuTimes: { user: 2000, system: 0 } });
    const { read, value } = await grouped(world);
    world.end(first);
    second.cpuTimes.user = 2500;
    await read();
    expect(await value('cpu_time_seconds_total{group="program",cpu_mode="user"}')).toBe(3.5);
    expect(await value('cpu_time_seconds_total{group="program",cpu_mode="system"}')).toBe(0.5);
    expect(await value('disk_io_bytes_total{group="program",disk_io_direction="write"}')).toBe(20);
    expect(await value('memory_usage_bytes{group="program"}')).toBe(4096);
  });

  it('counts a process that has the PID of another one from its own beginning', async () => {
    const world = new World();
    world.start({ pid: 7, startTime: 1000, cpuTimes: { user: 5000, system: 0 } });
    world.start({ pid: 8 });
    world.start({ pid: 9 });
    const { read, value } = await grouped(world);
    world.start({ pid: 7, startTime: 9000, cpuTimes: { user: 2000, system: 0 } });
    await read();
    expect(await value('cpu_time_seconds_total{group="program",cpu_mode="user"}')).toBe(7);
    expect(await value('starts_total{group="program"}')).toBe(1);
  });

  it('counts nothing twice when the clock is set, with which the times of all starts move', async () => {
    const world = new World();
    const processes = [1, 2, 3, 4].map(() => world.start({ cpuTimes: { user: 1000, system: 0 } }));
    const { read, value } = await grouped(world);
    for (const process of processes) process.startTime += 3_600_000;
    await read();
    expect(await value('cpu_time_seconds_total{group="program",cpu_mode="user"}')).toBe(4);
    expect(await value('starts_total{group="program"}')).toBe(0);
  });

  it('is absent, and not zero, if it can be read of no process', async () => {
    const world = new World();
    world.start({ io: null, exeDeleted: null, fdCount: null });
    const { scrape, value } = await grouped(world);
    const text = await scrape();
    for (const absent of ['disk_io_bytes_total', 'open_file_descriptors', 'limit_ratio', 'deleted_executables']) {
      expect(text).not.toMatch(new RegExp(`^process_group_.*${absent}\\{`, 'm'));
    }
    expect(await value('unread_disk_io_processes')).toBe(1);
  });

  it('of starts does not count what ran before the exporter', async () => {
    const world = new World();
    world.start();
    const { read, value } = await grouped(world);
    expect(await value('starts_total{group="program"}')).toBe(0);
    world.start();
    world.start();
    await read();
    expect(await value('starts_total{group="program"}')).toBe(2);
  });
});

describe('a group', () => {
  it('has the worst of its processes where a sum would say nothing', async () => {
    const world = new World();
    world.start({ fdCount: 900, oomScore: 700, rlimits: { RLIMIT_NOFILE: { soft: 1000, hard: 1000 } } });
    world.start({ fdCount: 100, oomScore: 5, rlimits: { RLIMIT_NOFILE: { soft: Infinity, hard: Infinity } } });
    world.start({ exeDeleted: true, state: 'zombie', threads: 5 });
    const { value } = await grouped(world);
    expect(await value('file_descriptor_limit_ratio{group="program"}')).toBe(0.9);
    expect(await value('file_descriptor_soft_limit{group="program"}')).toBe(1000);
    expect(await value('open_file_descriptors{group="program"}')).toBe(1003);
    expect(await value('oom_score{group="program"}')).toBe(700);
    expect(await value('deleted_executables{group="program"}')).toBe(1);
    expect(await value('processes{group="program",state="zombie"}')).toBe(1);
    expect(await value('threads{group="program"}')).toBe(7);
  });

  it('has not replaced its program if that runs from memory, as container runtimes do', async () => {
    const world = new World();
    world.start({ exe: '/memfd:runc_cloned:/proc/self/exe', exeDeleted: true });
    world.start({ exe: '/usr/bin/program', exeDeleted: true });
    world.start({ exe: null, exeDeleted: null });
    const { value } = await grouped(world);
    expect(await value('deleted_executables{group="program"}')).toBe(1);
  });

  it('reads what is expensive of new processes at once, and of all at a slow pace', async () => {
    const world = new World();
    const old = world.start();
    const { read, value } = await grouped(world, { slowInterval: 3_600_000 });
    old.fdCount = 500;
    const young = world.start({ fdCount: 7 });
    world.scans = [];
    await read();
    expect(await value('open_file_descriptors{group="program"}')).toBe(10);
    expect(world.scans).toEqual([{ fields: expect.arrayContaining(['fdCount']), pids: [young.pid] }]);
  });

  it('reads no more than it is asked to include', async () => {
    const world = new World();
    world.start();
    const { scrape } = await grouped(world, { include: [] });
    expect(world.scans.flatMap(({ fields }) => fields)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(io|contextSwitches|fdCount|rlimits|oomScore|exeDeleted)$/)]),
    );
    expect(await scrape()).not.toMatch(/^process_group_(disk_io|context_switches|open_file|oom)\S*\{/m);
  });

  it('is not broken by what this system does not support', async () => {
    const world = new World();
    world.start();
    const unsupported = ['io', 'contextSwitches', 'fdCount', 'rlimits', 'oomScore', 'exeDeleted', 'cmdline'];
    const { value } = await grouped(world, {}, unsupported);
    expect(await value('processes{group="program",state="sleeping"}')).toBe(1);
  });
});
