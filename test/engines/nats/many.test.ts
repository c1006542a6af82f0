import { connect } from '@psutil-extra/nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { RecordedRoot, recorded } from '../../processes/recorded-root.js';
import { until } from '../../processes/until.js';
import { HostProcess } from './host-process.js';
import { NatsServer } from './nats-server.js';

const [isLacking, what] = lacking.nats;
const HOSTS = 50;
const PROCESSES = 30;
const AT_A_TIME = 10;
const nameOf = (index: number) => `host${index}.example.com`;
/** A process that no other host has: by it an answer is known to be of its host. */
const ownPid = (host: string) => 10_000 + Number(/\d+/.exec(host));

describe.skipIf(isLacking)('fifty hosts, each a program of its own', () => {
  const roots: RecordedRoot[] = [];
  const hosts: HostProcess[] = [];
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start();
    for (let index = 0; index < HOSTS; index++) {
      const root = new RecordedRoot();
      roots.push(root);
      for (let pid = 1; pid <= PROCESSES; pid++) root.add(pid, recorded(pid));
      root.add(ownPid(nameOf(index)), recorded(ownPid(nameOf(index))));
    }
    // A few at a time: each wants a processor while it starts.
    for (let at = 0; at < HOSTS; at += AT_A_TIME) {
      const some = Array.from({ length: AT_A_TIME }, (_, next) => start(at + next));
      hosts.push(...some);
      await Promise.all(some.map((host) => host.ready()));
    }
  }, 180_000);

  afterAll(async () => {
    for (const host of hosts) {
      host.signal('SIGCONT');
      await host[Symbol.asyncDispose]();
    }
    await server[Symbol.asyncDispose]();
    for (const root of roots) root[Symbol.dispose]();
  });

  function start(index: number): HostProcess {
    const procRoot = (roots[index] as RecordedRoot).path;
    return new HostProcess({
      login: server.login('hosts'),
      serve: { host: nameOf(index) },
      client: { procRoot },
    });
  }

  it('are all found, and each answers a scan with its own processes', async () => {
    await using fleet = connect({ connection: await server.connect('askers') });
    const found = await fleet.hosts();
    expect(found.map(({ name }) => name)).toEqual(hosts.map(({ name }) => name).sort());
    // Fifty programs start their threads at once.
    const scan = fleet.scan({ fields: ['name', 'umask'], hostTimeout: 60_000, timeout: 60_000 });
    const answered: string[] = [];
    for await (const { host, table } of scan) {
      answered.push(host);
      expect(table.length).toBe(PROCESSES + 1);
      expect(table.get(ownPid(host))).toEqual({ pid: ownPid(host), name: 'recorded', umask: 0o27 });
    }
    expect(answered.sort()).toEqual(hosts.map(({ name }) => name).sort());
    expect(scan.missing).toEqual([]);
  });

  it('answer while some are killed and some are stopped, and exactly those are reported', async () => {
    await using fleet = connect({ connection: await server.connect('askers') });
    await fleet.hosts();
    const [killed, stopped] = [hosts.slice(0, 3), hosts.slice(3, 6)];
    for (const host of killed) host.signal('SIGKILL');
    for (const host of stopped) host.signal('SIGSTOP');
    const scan = fleet.scan({ fields: ['name'], hostTimeout: 5000 });
    const answered = new Map<string, number>();
    for await (const { host, table } of scan) answered.set(host, table.length);
    expect([...answered.keys()].sort()).toEqual(
      hosts
        .slice(6)
        .map(({ name }) => name)
        .sort(),
    );
    expect(new Set(answered.values())).toEqual(new Set([PROCESSES + 1]));
    expect(reasons(scan.missing)).toEqual({
      ...Object.fromEntries(killed.map(({ name }) => [name, 'ERR_HOST_GONE'])),
      ...Object.fromEntries(stopped.map(({ name }) => [name, 'ERR_HOST_SILENT'])),
    });
  });

  it('are there again after they go on, or are started anew', async () => {
    for (const host of hosts.slice(3, 6)) host.signal('SIGCONT');
    for (const index of [0, 1, 2]) {
      await hosts[index]?.[Symbol.asyncDispose]();
      hosts[index] = await start(index).ready();
    }
    await using fleet = connect({ connection: await server.connect('askers') });
    await until('all fifty answer', async () => {
      const scan = fleet.scan({ fields: ['name'], hostTimeout: 20_000 });
      const answered = new Set<string>();
      for await (const { host } of scan) answered.add(host);
      return answered.size === HOSTS;
    });
  });

  it('do not hold up a scan that asks two at a time when more than two are stopped', async () => {
    await using fleet = connect({ connection: await server.connect('askers') });
    await fleet.hosts();
    const stopped = hosts.slice(0, 6);
    for (const host of stopped) host.signal('SIGSTOP');
    try {
      const names = hosts.map(({ name }) => name);
      const scan = fleet.scan({ fields: ['name'], hosts: names, concurrency: 2, hostTimeout: 20_000, timeout: 20_000 });
      const began = Date.now();
      let answered = 0;
      for await (const _ of scan) if (++answered === HOSTS - stopped.length) break;
      expect(answered).toBe(HOSTS - stopped.length);
      expect(Date.now() - began).toBeLessThan(15_000);
    } finally {
      for (const host of stopped) host.signal('SIGCONT');
    }
  });
});

it.runIf(isLacking)('fifty hosts cannot be tested here', ({ skip }) => skip(what));

function reasons(missing: readonly { host: string; reason: string }[]): Record<string, string> {
  return Object.fromEntries(missing.map(({ host, reason }) => [host, reason]));
}
