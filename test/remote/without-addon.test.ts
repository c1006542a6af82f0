import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'psutil-extra';
import { createResponder, type HostDescription } from 'psutil-extra/remote';
import { afterAll, expect, test } from 'vitest';

const local = createClient({ threads: 1 });
afterAll(() => local.close());

const LIBRARY = fileURLToPath(new URL('../../packages/client/dist/', import.meta.url));

/** Reads another machine over the channel to its parent, one request at a time. */
const PROGRAM = `
import { createClient } from '${LIBRARY}index.mjs';
import { createRemoteClient } from '${LIBRARY}remote.mjs';
import { once } from 'node:events';
const here = createClient();
const addon = await here.umask(process.pid).catch(({ code }) => code);
await here.close();
const [description] = await once(process, 'message');
let last = Promise.resolve();
const remote = createRemoteClient({
  description,
  async *request(message) {
    const before = last;
    let done;
    last = new Promise((resolve) => { done = resolve; });
    await before;
    try {
      process.send(message);
      yield* (await once(process, 'message'))[0];
    } finally {
      done();
    }
  },
}, { name: 'web-1' });
const pid = process.ppid;
const { limits, signals } = {
  limits: await remote.getrlimit(pid, 'RLIMIT_CORE'),
  signals: (await remote.sigmasks(pid)).ignored.names(),
};
const scanned = (await remote.scan({ fields: ['name'] })).get(pid)?.name;
const error = await remote.umask(2 ** 22 + 1).catch(({ message }) => message);
process.send({ addon, umask: await remote.umask(pid), limits, signals, scanned, error, supports: remote.supports('getrlimit') });
process.disconnect();
`;

test('another machine is read where the addon cannot be loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-'));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, PROGRAM);
    const child = fork(file, {
      serialization: 'advanced',
      env: { ...process.env, PSUTIL_EXTRA_ADDON: join(folder, 'none.node') },
    });
    const responder = createResponder(local);
    // As it comes from a machine of another system: this one's addon has nothing to do with it.
    const description: HostDescription = { ...responder.description, platform: 'freebsd' };
    child.send(description);
    const exited = once(child, 'exit');
    for (;;) {
      const [message] = (await once(child, 'message')) as [Uint8Array | object];
      if (message instanceof Uint8Array) {
        const parts: Uint8Array[] = [];
        for await (const part of responder.handle(message)) parts.push(part);
        child.send(parts);
        continue;
      }
      expect(message).toEqual({
        addon: 'ERR_ADDON_NOT_LOADED',
        umask: await local.umask(process.pid),
        limits: await local.getrlimit(process.pid, 'RLIMIT_CORE'),
        signals: (await local.sigmasks(process.pid)).ignored?.names(),
        scanned: await local.name(process.pid),
        error: expect.stringMatching(/ESRCH.*web-1/),
        supports: true,
      });
      break;
    }
    expect(await exited).toEqual([0, null]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
