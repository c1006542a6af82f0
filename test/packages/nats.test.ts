import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '../documents/markdown.js';
import { NatsServer } from '../engines/nats/nats-server.js';
import { lacking } from '../processes/abilities.js';
import { Spawned } from '../processes/spawned.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

describe('@psutil-extra/nats, installed in an empty folder', () => {
  let packed: Shelf;
  let folder: EmptyFolder;

  beforeAll(async () => {
    packed = await shelf(await registryHere());
    folder = await EmptyFolder.make(packed.url);
  });
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
    await packed[Symbol.asyncDispose]();
  });

  it('serves and asks by the programs of its README', async ({ skip }) => {
    skip(...lacking.nats);
    const install = snippet(
      'packages/nats/README.md: npm install psutil-extra @psutil-extra/nats @nats-io/transport-node',
    );
    expect(await folder.shell(install.code)).toMatchObject({ code: 0 });
    await folder.write('host.mjs', snippet('packages/nats/README.md: // host.mjs').code);
    await folder.write('ask.mjs', snippet('packages/nats/README.md: // ask.mjs').code);
    // The caller's copy of the connection's library is the one that is used.
    await folder.write(
      'copies.cjs',
      `const { createRequire } = require('node:module');
      const core = (name) => createRequire(require.resolve(name)).resolve('@nats-io/nats-core');
      console.log(core('@psutil-extra/nats') === core('@nats-io/transport-node'));`,
    );
    expect((await folder.shell('node copies.cjs')).stdout).toBe('true\n');
    await using server = await NatsServer.start('');
    const env = { NATS_URL: `127.0.0.1:${server.port}` };
    using host = new Spawned([process.execPath, 'host.mjs'], {
      cwd: folder.path,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(host.child.stdout as NonNullable<typeof host.child.stdout>, 'data');
    expect(await folder.shell('node ask.mjs', env)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^\S+: \d+ processes, the largest is .+ MB\n$/),
    });
    const missing = 'node -e "require(\'@psutil-extra/nats\').connect({ conection: 1 })"';
    expect(await folder.shell(missing)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("has no option 'conection'; valid options are 'connection', 'timeout', 'prefix'"),
    });
    expect(await folder.shell('test -f node_modules/@psutil-extra/nats/nats-server.conf')).toMatchObject({ code: 0 });
  }, 120_000);
});
