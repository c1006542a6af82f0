import { connect as connectToNats } from '@nats-io/transport-node';
import { connect, serve } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '../../documents/markdown.js';
import { lacking } from '../../processes/abilities.js';
import { until } from '../../processes/until.js';
import { hostile } from './hostile.js';
import { NatsServer } from './nats-server.js';

const [isLacking, what] = lacking.nats;

describe.skipIf(isLacking)('with the permissions of the README', () => {
  const client = createClient({ threads: 1 });
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });

  it('a client without a password is refused', async () => {
    const { servers } = server.login('hosts');
    await expect(connectToNats({ servers, reconnect: false })).rejects.toThrow(/authorization/i);
  });

  it('askers cannot serve: it is said at once, with the subject and where to look', async () => {
    const connection = await server.connect('askers');
    await expect(serve(client, { connection, host: 'db1' })).rejects.toMatchObject({
      code: 'ERR_NATS_PERMISSION',
      host: 'db1',
      message: expect.stringMatching(/refuses psutil-extra\.db1 .*Permissions Violation.*"Security" in the README/),
    });
  });

  it('hosts cannot ask: a call says so at once, and so does a scan', async () => {
    await using fleet = connect({ connection: await server.connect('hosts') });
    const refused = { code: 'ERR_NATS_PERMISSION', message: expect.stringMatching(/Permissions Violation/) };
    await expect(fleet.hosts()).rejects.toMatchObject(refused);
    await expect(fleet.host('db1')).rejects.toMatchObject(refused);
    await expect(fleet.scan({ fields: ['name'] }).next()).rejects.toMatchObject(refused);
    const { value: missing } = await fleet.scan({ fields: ['name'], hosts: ['db1'] }).next();
    expect(missing).toMatchObject([{ host: 'db1', reason: 'ERR_NATS_PERMISSION' }]);
  });

  it('an asker without its prefix of inboxes gets an error that says so', async () => {
    await using service = await serve(client, { connection: await server.connect('hosts'), host: 'db1' });
    await using fleet = connect({ connection: await server.connect('askers', { inboxPrefix: '_INBOX' }) });
    await expect(fleet.host('db1')).rejects.toMatchObject({
      code: 'ERR_NATS_PERMISSION',
      message: expect.stringMatching(/_INBOX\./),
    });
    expect(service.counts).toMatchObject({ answered: 0 });
  });

  it('hosts publish nothing but answers, and askers hear nothing but theirs', async () => {
    const [host, asker] = [await server.connect('hosts'), await server.connect('askers')];
    const refused: string[] = [];
    for (const connection of [host, asker]) {
      void (async () => {
        for await (const status of connection.status()) if (status.type === 'error') refused.push(status.error.message);
      })();
    }
    host.publish('psutil-extra.db1', 'x');
    host.publish('_INBOX_askers.x', 'x');
    asker.subscribe('psutil-extra.>', { callback: () => {} });
    asker.subscribe('_INBOX.>', { callback: () => {} });
    asker.publish('other', 'x');
    await until('all are refused', () => refused.length === 5);
    expect(refused.map((message) => /(Publish|Subscription) to "\S+"/.exec(message)?.[0] ?? message).sort()).toEqual([
      'Publish to "_INBOX_askers.x"',
      'Publish to "other"',
      'Publish to "psutil-extra.db1"',
      'Subscription to "_INBOX.>"',
      'Subscription to "psutil-extra.>"',
    ]);
  });
});

describe.skipIf(isLacking)('with a user for each host', () => {
  it('a host that calls itself as another harms it in nothing', async () => {
    const shown = snippet('packages/nats/README.md: { user: db1, password: $DB1_PASSWORD, permissions: {').code;
    const user = (name: string) => shown.replace('$DB1_PASSWORD', 'p').replaceAll('db1', name);
    const config = `authorization { users = [ 
      ${user('db1')}
      ${user('evil')}
      { user: askers, password: of-askers } ] }`;
    const client = createClient({ threads: 1 });
    try {
      await using server = await NatsServer.start(config);
      const as = (name: string) => server.connect('hosts', { user: name, pass: 'p' });
      await using service = await serve(client, { connection: await as('db1'), host: 'db1' });
      await expect(serve(client, { connection: await as('evil'), host: 'db1' })).rejects.toMatchObject({
        code: 'ERR_NATS_PERMISSION',
      });
      expect(service.host).toBe('db1');
      const evil = await as('evil');
      hostile(evil, { host: 'db1', description: '{}', answer: () => {} });
      await evil.flush();
      await using fleet = connect({ connection: await server.connect('askers') });
      for (let turn = 0; turn < 5; turn++) {
        const scan = fleet.scan({ fields: ['name'] });
        const answered: string[] = [];
        for await (const { host, table } of scan) {
          answered.push(host);
          expect(table.get(process.pid)?.pid).toBe(process.pid);
        }
        expect({ answered, missing: scan.missing }).toEqual({ answered: ['db1'], missing: [] });
      }
      expect(await (await fleet.host('db1')).name(process.pid)).toBe(await client.name(process.pid));
    } finally {
      await client.close();
    }
  });
});

it.runIf(isLacking)('permissions cannot be tested here', ({ skip }) => skip(what));
