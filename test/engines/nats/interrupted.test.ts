import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@psutil-extra/nats';
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
    await until('it answers again', () => remote.name(sleeper.pid).catch(() => undefined));
    expect(sleeper.running).toBe(true);
    await remote.kill(sleeper.pid, 'SIGKILL');
    await until('it is killed', () => !sleeper.running);
    await remote.close();
  });
});

it.runIf(isLacking)('interruptions cannot be tested here', ({ skip }) => skip(what));
