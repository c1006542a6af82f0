import { connect, type Fleet, type HostService, type ServeOptions, serve } from '@psutil-extra/nats';
import { AccessDeniedError, createClient, NoSuchProcessError } from 'psutil-extra';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { RecordedRoot, recorded } from '../../processes/recorded-root.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { configWith, NatsServer } from './nats-server.js';

const [isLacking, what] = lacking.nats;

describe.skipIf(isLacking)('a host that serves', () => {
  const client = createClient({ threads: 2 });
  let server: NatsServer;
  let fleet: Fleet;
  const services: HostService[] = [];

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    fleet = connect({ connection: await server.connect('askers'), timeout: 2000 });
  });
  afterEach(async () => {
    await fleet.close();
    await Promise.all(services.splice(0).map((service) => service.stop()));
  });

  async function served(options: Partial<ServeOptions> = {}, from = client): Promise<HostService> {
    const service = await serve(from, { connection: await server.connect('hosts'), host: 'db1', ...options });
    services.push(service);
    return service;
  }

  it('has a client with the methods of a local one', async () => {
    await served();
    const remote = await fleet.host('db1');
    expect(await remote.name(process.pid)).toBe(await client.name(process.pid));
    expect((await remote.scan({ fields: ['pgid'] })).get(process.pid)).toEqual({
      pid: process.pid,
      pgid: await client.pgid(process.pid),
    });
    await expect(remote.name(2 ** 22 + 1)).rejects.toBeInstanceOf(NoSuchProcessError);
    await remote.close();
  });

  it('is found with its version and what it allows', async () => {
    await served({ allow: ['cmdline', 'kill'] });
    expect(await fleet.hosts()).toMatchObject([
      { name: 'db1', version: '0.1.0', allowed: ['cmdline', 'kill'], machines: 1, description: { platform: 'linux' } },
    ]);
  });

  it('refuses by default to read command lines, and to kill', async () => {
    using sleeper = new Spawned(['sleep', '60'], { stdio: 'ignore' });
    await served();
    const remote = await fleet.host('db1');
    await expect(remote.cmdline(sleeper.pid)).rejects.toBeInstanceOf(AccessDeniedError);
    await expect(remote.kill(sleeper.pid)).rejects.toBeInstanceOf(AccessDeniedError);
    await expect(remote.setNice(sleeper.pid, 5)).rejects.toBeInstanceOf(AccessDeniedError);
    const scan = fleet.scan({ fields: ['cmdline'] });
    expect(await scan.next()).toMatchObject({ done: true, value: [{ host: 'db1', reason: 'EACCES' }] });
    expect(sleeper.running).toBe(true);
    await remote.close();
  });

  it('kills where that is allowed by name, and redacts what command lines carry', async () => {
    using sleeper = new Spawned(['sh', '-c', 'sleep 60; : --password=hunter2'], { stdio: 'ignore' });
    await served({ allow: ['kill', 'cmdline'], redact: [/(?<=--password=)\S+/] });
    const remote = await fleet.host('db1');
    expect((await remote.cmdline(sleeper.pid)).join(' ')).not.toContain('hunter2');
    await remote.kill(sleeper.pid, 'SIGKILL');
    await until('it is killed', () => !sleeper.running);
    await remote.close();
  });

  it('is asked again where its client asks more at a time than it answers', async () => {
    const sleepers = Array.from({ length: 30 }, () => new Spawned(['sleep', '60'], { stdio: 'ignore' }));
    await served({ allow: ['kill'], maxRequests: 2 });
    const remote = await fleet.host('db1');
    const killed = await Promise.allSettled(sleepers.map(({ pid }) => remote.kill(pid, 'SIGKILL')));
    expect(killed.filter(({ status }) => status !== 'fulfilled')).toEqual([]);
    await until('all are killed', () => sleepers.every(({ running }) => !running));
    await remote.close();
  });

  it('is not asked by criteria that there are not', async () => {
    const service = await served();
    const scan = fleet.scan({ fields: ['name'], where: { nmae: 'sleep' } as never });
    await expect(scan.next()).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining("'nmae'"),
    });
    expect(service.counts.answered).toBe(0);
    await expect(fleet.host('db1', { timeout: 5 } as never)).rejects.toThrow(
      /has no option 'timeout'; the valid option is 'signal'/,
    );
  });

  it.each([null, 'text'])('may be given up by a signal with the reason %j', async (reason) => {
    using root = new RecordedRoot();
    root.addSlow(7);
    const slow = createClient({ procRoot: root.path, threads: 1 });
    await served({}, slow);
    const abort = new AbortController();
    const scan = fleet.scan({ fields: ['umask'], signal: abort.signal });
    const given = scan.next().then(
      () => 'an answer',
      (error: unknown) => ({ error }),
    );
    await root.held(7);
    abort.abort(reason);
    expect(await given).toEqual({ error: reason });
    await until('it is reported', () => scan.missing.length > 0);
    expect(scan.missing).toMatchObject([{ host: 'db1', error: expect.any(Error), reason: expect.any(String) }]);
    root.release(7);
    await slow.close();
  });

  it('gives only what matches where', async () => {
    using sleeper = new Spawned(['sleep', '60'], { stdio: 'ignore' });
    await served();
    const scan = fleet.scan({ fields: ['name', 'pgid'], where: { name: 'sleep' } });
    for await (const { host, table } of scan) {
      expect(host).toBe('db1');
      expect(table.get(sleeper.pid)).toMatchObject({ name: 'sleep' });
      expect(new Set(table.map(({ name }) => name))).toEqual(new Set(['sleep']));
    }
    expect(scan.missing).toEqual([]);
  });

  it('that is gone is one error at once, which names it and its subject', async () => {
    const service = await served();
    const remote = await fleet.host('db1');
    await service.stop();
    const message = /db1.*psutil-extra\.db1.*is serve\(\) running/;
    await expect(remote.name(process.pid)).rejects.toMatchObject({
      code: 'ERR_HOST_GONE',
      message: expect.stringMatching(message),
    });
    await expect(fleet.host('db1')).rejects.toMatchObject({
      code: 'ERR_HOST_GONE',
      message: expect.stringMatching(message),
    });
    await remote.close();
  });

  it('may be started anew, and its client goes on', async () => {
    const first = await served();
    const remote = await fleet.host('db1');
    await first.stop();
    await served();
    expect(await remote.name(process.pid)).toBe(await client.name(process.pid));
    await remote.close();
  });

  it('that was started anew between two scans is asked, and not reported', async () => {
    const first = await served();
    await fleet.hosts();
    await first.stop();
    await served();
    const scan = fleet.scan({ fields: ['name'] });
    for await (const { table } of scan) expect(table.get(process.pid)?.pid).toBe(process.pid);
    expect(scan.missing).toEqual([]);
  });

  it('that two programs serve on one machine is one host', async () => {
    await served();
    await served();
    expect(await fleet.hosts()).toMatchObject([{ name: 'db1', machines: 1 }]);
    const hosts: string[] = [];
    const scan = fleet.scan({ fields: ['name'] });
    for await (const { host } of scan) hosts.push(host);
    expect({ hosts, missing: scan.missing }).toEqual({ hosts: ['db1'], missing: [] });
  });

  it('gives its answers to each of several that wait', async () => {
    await served();
    await served({ host: 'db2' });
    const scan = fleet.scan({ fields: ['name'] });
    const steps = await Promise.all([scan.next(), scan.next(), scan.next()]);
    expect(steps.map(({ done }) => done)).toEqual([false, false, true]);
  });

  it('answers so many requests at a time, and refuses more', async () => {
    using root = new RecordedRoot();
    root.addSlow(7);
    const slow = createClient({ procRoot: root.path, threads: 1 });
    const service = await served({ maxRequests: 1 }, slow);
    const abort = new AbortController();
    const held = fleet.scan({ fields: ['umask'], signal: abort.signal }).next();
    held.catch(() => {});
    await root.held(7);
    const scan = fleet.scan({ fields: ['umask'] });
    expect(await scan.next()).toMatchObject({ done: true, value: [{ host: 'db1', reason: 'ERR_HOST_BUSY' }] });
    expect(service.counts).toMatchObject({ active: 1, busy: 1 });
    abort.abort();
    await expect(held).rejects.toMatchObject({ name: 'AbortError' });
    await until('its place is free', () => service.counts.active === 0);
    root.release(7);
    await slow.close();
  });

  it('is asked no further than tables are taken', async () => {
    const counted = await Promise.all(Array.from({ length: 12 }, (_, index) => served({ host: `host${index}` })));
    const scan = fleet.scan({ fields: ['name'], concurrency: 3 });
    const { value: first } = await scan.next();
    expect(first).toMatchObject({ host: expect.any(String) });
    const answered = () => counted.reduce((sum, { counts }) => sum + counts.answered, 0);
    await until('the places are taken again', () => answered() === 4);
    // What the services have been sent, they have answered.
    for (let turn = 0; turn < 10; turn++) await fleet.hosts();
    expect(answered()).toBe(4);
    let more = 1;
    for await (const _ of scan) more++;
    expect({ more, missing: scan.missing }).toEqual({ more: 12, missing: [] });
  });

  it('sends what is larger than a message in parts', async () => {
    await using small = await NatsServer.start(configWith('max_payload: 16384'));
    using root = new RecordedRoot();
    for (let pid = 1; pid <= 1500; pid++) root.add(pid, recorded(pid));
    const many = createClient({ procRoot: root.path, threads: 1 });
    await using service = await serve(many, { connection: await small.connect('hosts'), host: 'large' });
    const connection = await small.connect('askers');
    await using all = connect({ connection });
    const remote = await all.host('large');
    const table = await remote.scan({ fields: ['name', 'umask', 'sigmasks', 'rlimits', 'groups'] });
    expect(table.length).toBe(1500);
    expect(table.get(1500)).toMatchObject({ name: 'recorded', umask: 0o27 });
    const scan = all.scan({ fields: ['name', 'umask', 'sigmasks', 'rlimits', 'groups'] });
    for await (const answer of scan) expect(answer.table.length).toBe(1500);
    expect(scan.missing).toEqual([]);
    expect(service.counts.failed).toBe(0);
    await remote.close();
    await many.close();
  });

  it('is not asked by a request that the server would refuse, and the caller learns why', async () => {
    await using small = await NatsServer.start(configWith('max_payload: 4096'));
    await using service = await serve(client, { connection: await small.connect('hosts'), host: 'db1' });
    await using all = connect({ connection: await small.connect('askers') });
    const remote = await all.host('db1');
    const pids = Array.from({ length: 8000 }, (_, i) => i + 1);
    await expect(remote.scan({ pids, fields: ['umask'] })).rejects.toMatchObject({
      code: 'ERR_NATS_PAYLOAD',
      message: expect.stringMatching(/^db1: the request .* has \d+ bytes, and the server takes 4096/),
    });
    expect(service.counts.answered).toBe(0);
    expect((await remote.scan({ fields: ['umask'] })).get(process.pid)?.umask).toBe(await client.umask(process.pid));
    await remote.close();
  });

  it('ends cleanly when its connection is closed', async () => {
    const connection = await server.connect('hosts');
    const service = await serve(client, { connection, host: 'short' });
    await connection.close();
    expect(await service.ended).toBeUndefined();
    await service.stop();
  });

  it('reports to NATS what it has done', async () => {
    const service = await served();
    await (await fleet.host('db1')).name(process.pid);
    const stats = await (await server.connect('askers')).request('$SRV.STATS.psutil-extra');
    expect(stats.json()).toMatchObject({
      name: 'psutil-extra',
      endpoints: [{}, { data: { answered: service.counts.answered } }],
    });
    expect(service.counts.answered).toBeGreaterThan(0);
  });

  it('ends an abandoned iteration without a report of hosts that were not waited for', async () => {
    await served();
    await served({ host: 'db2' });
    const scan = fleet.scan({ fields: ['name'] });
    for await (const _ of scan) break;
    expect(scan.missing).toEqual([]);
    expect(await scan.next()).toEqual({ done: true, value: [] });
  });
});

it.runIf(isLacking)('a host cannot be tested here', ({ skip }) => skip(what));
