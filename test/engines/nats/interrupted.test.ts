import { setTimeout as pause } from 'node:timers/promises';
import { connect, serve } from '@psutil-extra/nats';
import { type Client, createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { HostProcess } from './host-process.js';
import { NatsServer } from './nats-server.js';

const [isLacking, what] = lacking.nats;

describe.skipIf(isLacking)('what is interrupted', () => {
  let server: NatsServer;
  let host: HostProcess;

  beforeAll(async () => {
    server = await NatsServer.start();
    host = await new HostProcess({ login: server.login('hosts'), serve: { host: 'db1', allow: ['kill'] } }).ready();
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('by a server that is started anew: pending calls reject at once, later ones work', async () => {
    const connection = await server.connect('askers', { reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    await using fleet = connect({ connection, timeout: 60_000 });
    const remote = await fleet.host('db1');
    host.signal('SIGSTOP');
    const pending = remote.name(process.pid);
    pending.catch(() => {});
    const scan = fleet.scan({ fields: ['name'], hostTimeout: 60_000, timeout: 60_000, hosts: ['db1'] });
    const scanned = scan.next();
    // Both are on their way.
    await connection.flush();
    await server.end();
    await expect(pending).rejects.toMatchObject({
      code: 'ERR_NATS_DISCONNECTED',
      message: expect.stringContaining('db1'),
    });
    expect(await scanned).toMatchObject({ done: true, value: [{ host: 'db1', reason: 'ERR_NATS_DISCONNECTED' }] });
    await expect(remote.name(process.pid)).rejects.toMatchObject({ code: 'ERR_NATS_DISCONNECTED' });
    host.signal('SIGCONT');
    await server.restart();
    await until('calls work again', () => remote.name(process.pid).catch(() => undefined));
    await until('scans work again', async () => (await fleet.scan({ fields: ['name'] }).next()).done === false);
    await remote.close();
  });

  it('by the stop of a host: it does not carry out later what was asked meanwhile', async () => {
    using sleeper = new Spawned(['sleep', '600'], { stdio: 'ignore' });
    await using fleet = connect({ connection: await server.connect('askers'), timeout: 300 });
    const remote = await fleet.host('db1');
    host.signal('SIGSTOP');
    await expect(remote.kill(sleeper.pid, 'SIGKILL')).rejects.toMatchObject({ code: 'ERR_HOST_SILENT' });
    // So long that a stop differs from a moment without the processor.
    await pause(6000);
    host.signal('SIGCONT');
    await expectAliveUntilKilled(remote, sleeper);
  });

  it('by a stop that is short: it does not carry out what was given up meanwhile', async () => {
    using sleeper = new Spawned(['sleep', '600'], { stdio: 'ignore' });
    const connection = await server.connect('askers');
    await using fleet = connect({ connection, timeout: 300 });
    const remote = await fleet.host('db1');
    host.signal('SIGSTOP');
    await expect(remote.kill(sleeper.pid, 'SIGKILL')).rejects.toMatchObject({ code: 'ERR_HOST_SILENT' });
    // The server has the cancellation, and then has sent it on.
    await connection.flush();
    await connection.flush();
    host.signal('SIGCONT');
    // The request was before those.
    await expectAliveUntilKilled(remote, sleeper);
  });

  it('by a server that stands still: all that is asked has its deadline, and its signal', async () => {
    await using another = await NatsServer.start();
    const client = createClient({ threads: 1 });
    const service = await serve(client, { connection: await another.connect('hosts'), host: 'db2' });
    const fleet = connect({ connection: await another.connect('askers'), timeout: 200 });
    await fleet.hosts();
    process.kill(another.pid, 'SIGSTOP');
    try {
      const scan = fleet.scan({ fields: ['name'], timeout: 300 });
      const signal = AbortSignal.timeout(200);
      const asked = Promise.all([
        fleet.hosts({ timeout: 300 }),
        fleet.hosts({ timeout: 60_000, signal }).catch(({ name }) => name),
        fleet.host('db2').catch(({ code }) => code),
        scan.next(),
        service.stop(),
      ]);
      const late = pause(20_000, 'it waits for the server', { ref: false });
      expect(await Promise.race([asked, late])).toMatchObject([
        [],
        'TimeoutError',
        'ERR_HOST_SILENT',
        { done: true, value: [{ host: 'db2' }] },
        undefined,
      ]);
    } finally {
      process.kill(another.pid, 'SIGCONT');
    }
    await fleet.close();
    await client.close();
  });
});

it.runIf(isLacking)('interruptions cannot be tested here', ({ skip }) => skip(what));

/** A host that goes on has not carried out what was given up, and carries out what is asked anew. */
async function expectAliveUntilKilled(remote: Client, sleeper: Spawned): Promise<void> {
  await until('it answers again', () => remote.name(sleeper.pid).catch(() => undefined));
  expect(sleeper.running).toBe(true);
  await remote.kill(sleeper.pid, 'SIGKILL');
  await until('it is killed', () => !sleeper.running);
  await remote.close();
}
