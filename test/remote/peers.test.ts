import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { encodeScan } from 'psutil-extra/remote';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Snippet, snippetsOf } from '../documents/markdown.js';
import { SnippetFolder } from '../documents/snippet-folder.js';
import type { Spawned } from '../processes/spawned.js';

describe('the host in docs/remote.md, whose peer', () => {
  let folder: SnippetFolder;
  let host: Spawned;
  let port: number;

  beforeAll(async () => {
    const [whole] = snippetsOf('docs/remote.md') as [Snippet];
    const [half] = whole.code.split('// On the machine that asks.');
    const code = `${half}\nconsole.log((server.address() as { port: number }).port);\n`;
    folder = await SnippetFolder.make();
    expect(await folder.compile([{ ...whole, code }])).toBe('');
    host = folder.startCompiled(whole);
    const [line] = await once(host.child.stdout as NonNullable<typeof host.child.stdout>, 'data');
    port = Number(line);
  }, 60_000);
  afterAll(async () => {
    await host.end();
    await folder[Symbol.asyncDispose]();
  });

  /** What it answers to a whole request. */
  async function answered(): Promise<number> {
    const asked = request({ port, host: '127.0.0.1', method: 'POST' });
    asked.end(encodeScan({ fields: ['name'] }));
    const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer>];
    let bytes = 0;
    for await (const piece of response) bytes += piece.length;
    return bytes;
  }

  /** Sends this, and leaves at once, or waits until the host does. */
  async function left(text: string, isLeft: boolean): Promise<void> {
    const peer = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) => peer.on('close', resolve));
    // The host may leave in the middle of what is sent.
    peer.on('error', () => {});
    await once(peer, 'connect');
    await new Promise((resolve) => peer.write(text, resolve));
    if (isLeft) peer.resume();
    else peer.resetAndDestroy();
    await closed;
  }

  test.each([
    ['leaves in the middle of its request', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\npart', false],
    [
      'sends a request without end',
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(900_000)}`,
      true,
    ],
    [
      'leaves in the middle of its answer',
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n${Buffer.from(encodeScan({ fields: ['memoryMaps'] })).toString('latin1')}`,
      false,
    ],
  ] as const)('%s, answers the next one', async (_, text, isLeft) => {
    await left(text, isLeft);
    expect(await answered()).toBeGreaterThan(100);
    expect(host.running).toBe(true);
  });
});
