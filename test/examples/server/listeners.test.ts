import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Listeners } from '@psutil-extra/example-server/listeners';
import { expect, it } from 'vitest';
import { until } from '../../processes/until.js';

const MEBIBYTE = 'x'.repeat(2 ** 20);

it('a slow listener receives nothing until it has caught up, and then everything at once', async () => {
  const listeners = new Listeners(1, { arrived() {}, deserted() {} });
  let response: ServerResponse | undefined;
  const server = createServer((request, answer) => {
    response = answer;
    listeners.admit(request.socket, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const slow = connect((server.address() as { port: number }).port, '127.0.0.1');
  try {
    slow.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    slow.pause();
    await until('it listens', () => listeners.size === 1);
    const unsent = () => response?.writableLength ?? 0;
    await until('its headers are sent', () => unsent() === 0);
    listeners.catchUp(() => 'event: table\ndata: first\n\n');
    // The system takes some megabytes for a program that does not read.
    for (let sent = 0; sent < 64 && unsent() < 2 ** 21; sent++) {
      listeners.write('change', MEBIBYTE);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(unsent()).toBeGreaterThan(2 ** 20);
    listeners.write('change', 'this one is too much');
    const before = unsent();
    listeners.write('change', MEBIBYTE);
    listeners.catchUp(() => 'event: table\ndata: not yet\n\n');
    expect(unsent()).toBeLessThanOrEqual(before);

    let received = '';
    slow.setEncoding('utf8').on('data', (part: string) => {
      received += part;
    });
    slow.resume();
    await until('it has read all that was sent', () => unsent() === 0);
    listeners.catchUp(() => 'event: table\ndata: everything\n\n');
    listeners.write('change', 'next');
    await until('it has the next event', () => received.includes('data: next'));
    expect(received).not.toContain('this one is too much');
    expect(received).not.toContain('not yet');
    expect(received.indexOf('data: everything')).toBeLessThan(received.indexOf('data: next'));
  } finally {
    slow.destroy();
    listeners.close();
    server.close();
  }
});
