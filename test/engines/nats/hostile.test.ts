import { randomBytes } from 'node:crypto';
import { connect, serve } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';
import { createResponder, encodeScan, type HostDescription } from 'psutil-extra/remote';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lacking } from '../../processes/abilities.js';
import { type Answer, hostile } from './hostile.js';
import { NatsServer } from './nats-server.js';

const [isLacking, what] = lacking.nats;

describe.skipIf(isLacking)('beside an honest host', () => {
  const client = createClient({ threads: 1 });
  let server: NatsServer;
  let description: HostDescription;

  beforeAll(async () => {
    server = await NatsServer.start();
    // Its thread is started before anything is waited for.
    await client.scan({ fields: ['name'] });
  });
  afterAll(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });

  let honest: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    honest = await serve(client, { connection: await server.connect('hosts'), host: 'honest' });
    await using fleet = connect({ connection: await server.connect('askers') });
    description = (await fleet.hosts())[0]?.description as HostDescription;
  });
  afterEach(async () => {
    await honest.stop();
    await Promise.all(hostileConnections.splice(0).map((connection) => connection.close()));
  });

  const hostileConnections: Awaited<ReturnType<NatsServer['connect']>>[] = [];
  async function beside(answer: Answer, settings: Partial<Parameters<typeof hostile>[1]> = {}): Promise<void> {
    const connection = await server.connect('hosts');
    hostileConnections.push(connection);
    hostile(connection, { host: 'hostile', description, answer, ...settings });
    await connection.flush();
  }

  /** A scan of both: who has answered, and why the others have not. */
  async function scanned(
    hostTimeout = 3000,
  ): Promise<{ answered: string[]; missing: Record<string, string>; ms: number }> {
    await using fleet = connect({ connection: await server.connect('askers') });
    const began = performance.now();
    const scan = fleet.scan({ fields: ['name'], hostTimeout });
    const answered: string[] = [];
    for await (const { host, table } of scan) {
      answered.push(host);
      expect(table.get(process.pid)?.pid).toBe(process.pid);
    }
    const missing = Object.fromEntries(scan.missing.map(({ host, reason }) => [host, reason]));
    return { answered, missing, ms: performance.now() - began };
  }

  it('one that sends noise is reported as damaged', async () => {
    await beside((_, send) => send(randomBytes(5000)));
    expect(await scanned()).toMatchObject({
      answered: ['honest'],
      missing: { hostile: expect.stringMatching(/DAMAGED|SILENT/) },
    });
  });

  it.each([
    ['a byte of a frame is another', 'ERR_DAMAGED_REPLY', (part: Uint8Array) => part.fill(0x7f, 24, 60)],
    ['its size is beyond all bounds', 'ERR_DAMAGED_REPLY', (part: Uint8Array) => part.fill(0xff, 16, 20)],
    ['it is of another version', 'ERR_REMOTE_VERSION', (part: Uint8Array) => part.fill(0, 8, 16)],
    ['it is cut off', 'ERR_DAMAGED_REPLY', (part: Uint8Array) => part.subarray(0, part.length - 8)],
  ])('one whose answer is as an honest one, but %s, is reported', async (_, reason, change) => {
    const responder = createResponder(client);
    await beside((_message, send) => {
      void (async () => {
        for await (const part of responder.handle(encodeScan({ fields: ['name'] }))) send(change(part));
      })();
    });
    expect(await scanned(10_000)).toMatchObject({ answered: ['honest'], missing: { hostile: reason } });
  });

  it('one that never stops sending is reported, and the server sends on none of it', async () => {
    const connection = await server.connect('askers');
    let sent = 0;
    await beside((_, send) => {
      for (; sent < 20_000; sent++) send(new Uint8Array(1000));
    });
    await using fleet = connect({ connection });
    const scan = fleet.scan({ fields: ['name'], hostTimeout: 10_000 });
    const answered: string[] = [];
    for await (const { host } of scan) answered.push(host);
    expect(answered).toEqual(['honest']);
    expect(scan.missing).toMatchObject([{ host: 'hostile', reason: 'ERR_HOST_DAMAGED' }]);
    expect(sent).toBe(20_000);
    await connection.flush();
    expect(connection.stats().inMsgs).toBeLessThan(30);
  });

  it('one that always asks to be asked for more is given up at its time', async () => {
    let asked = 0;
    await beside((message, send) => {
      asked++;
      if (message.reply !== '') setTimeout(send, 1200, new Uint8Array(0)).unref();
    });
    const { answered, missing, ms } = await scanned(3000);
    expect({ answered, missing }).toEqual({ answered: ['honest'], missing: { hostile: 'ERR_HOST_SILENT' } });
    expect(ms).toBeLessThan(10_000);
    expect(asked).toBeGreaterThan(1);
  });

  it('one that does so at once is reported as damaged, and not asked a thousand times', async () => {
    let asked = 0;
    await beside((message, send) => {
      asked++;
      if (message.reply !== '') send(new Uint8Array(0));
    });
    expect(await scanned()).toMatchObject({ answered: ['honest'], missing: { hostile: 'ERR_HOST_DAMAGED' } });
    // The request, and its cancellation.
    expect(asked).toBeLessThan(3);
  });

  it('one that sends a good table of other fields is reported as damaged: its columns are not those of the scan', async () => {
    const responder = createResponder(client);
    await beside((_message, send) => {
      void (async () => {
        for await (const part of responder.handle(encodeScan({ fields: ['pgid'] }))) send(part);
      })();
    });
    expect(await scanned(10_000)).toMatchObject({
      answered: ['honest'],
      missing: { hostile: 'ERR_DAMAGED_REPLY' },
    });
  });

  it('one that sends parts larger than were asked for is reported as damaged', async () => {
    await beside((_, send) => send(new Uint8Array(1_000_000)));
    expect(await scanned()).toMatchObject({ answered: ['honest'], missing: { hostile: 'ERR_HOST_DAMAGED' } });
  });

  it('one whose description is another than it has announced is reported, and describes no other', async () => {
    await beside((_, send) => send(new Uint8Array(0)), { description: 'null' });
    const { answered, missing } = await scanned(2000);
    expect({ answered, missing }).toEqual({ answered: ['honest'], missing: { hostile: expect.any(String) } });
  });

  it.each(['null', '5', '{"version":"\\u001b[2J","allowed":[]}', '{"version":"1.0.0","allowed":"kill"}'])(
    'one that describes itself as %s is not listed, and hides no other',
    async (text) => {
      await beside((_, send) => send(new Uint8Array(0)), { description: text });
      await using fleet = connect({ connection: await server.connect('askers') });
      expect((await fleet.hosts()).map(({ name }) => name)).toEqual(['honest']);
      await expect(fleet.host('hostile')).rejects.toMatchObject({ code: 'ERR_HOST_DAMAGED', host: 'hostile' });
    },
  );

  it('one that calls itself as the honest one is reported as its double, because the two cannot be distinguished', async () => {
    await beside((_, send) => send(randomBytes(50)), { host: 'honest' });
    const { missing } = await scanned(2000);
    expect(missing).toEqual({ honest: 'ERR_HOST_DUPLICATE' });
    await using fleet = connect({ connection: await server.connect('askers') });
    await expect(fleet.host('honest')).rejects.toMatchObject({ code: 'ERR_HOST_DUPLICATE', host: 'honest' });
    expect(await fleet.hosts()).toMatchObject([{ name: 'honest', machines: 2 }]);
  });

  it('one that answers pings with nonsense is not there', async () => {
    const connection = await server.connect('hosts');
    hostileConnections.push(connection);
    const nonsense = [
      '',
      '{',
      'null',
      '{"id":"a b","metadata":{"host":"x","machine":"m","digest":"d"}}',
      `{"id":"a","metadata":{"host":"${'x'.repeat(300)}","machine":"m","digest":"d"}}`,
      `"${'x'.repeat(100_000)}"`,
    ];
    connection.subscribe('$SRV.PING.psutil-extra', {
      callback: (_, message) => {
        for (const text of nonsense.slice(0, 8)) message.respond(text);
      },
    });
    await connection.flush();
    expect(await scanned()).toMatchObject({ answered: ['honest'], missing: {} });
  });

  it('one that invents hosts holds up the list of hosts no longer than its time', async () => {
    const connection = await server.connect('hosts');
    hostileConnections.push(connection);
    connection.subscribe('$SRV.PING.psutil-extra', {
      callback: (_, message) => {
        for (let index = 0; index < 8; index++) {
          const metadata = { host: `invented${index}`, machine: 'm', digest: `d${index}` };
          message.respond(JSON.stringify({ id: `i${index}`, metadata }));
        }
      },
    });
    await connection.flush();
    await using fleet = connect({ connection: await server.connect('askers') });
    expect((await fleet.hosts()).map(({ name }) => name)).toEqual(['honest']);
  });

  it('one with a name that would be many subjects is asked on one', async () => {
    await using fleet = connect({ connection: await server.connect('askers') });
    const odd = 'a.b *>$%ü';
    await using service = await serve(client, { connection: await server.connect('hosts'), host: odd });
    expect((await fleet.hosts()).map(({ name }) => name)).toEqual([odd, 'honest']);
    const scan = fleet.scan({ fields: ['name'], hosts: [odd] });
    for await (const { host } of scan) expect(host).toBe(service.host);
    expect(scan.missing).toEqual([]);
  });
});

it.runIf(isLacking)('hostile services cannot be tested here', ({ skip }) => skip(what));
