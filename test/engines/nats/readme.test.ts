import { once } from 'node:events';
import { join } from 'node:path';
import { connect as connectToNats } from '@nats-io/transport-node';
import { connect } from '@psutil-extra/nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf } from '../../cli-command.js';
import { commandsIn, ROOT, read, snippet, tableOf } from '../../documents/markdown.js';
import { SnippetFolder } from '../../documents/snippet-folder.js';
import { lacking } from '../../processes/abilities.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { CONFIG, NatsServer } from './nats-server.js';

const [isLacking, what] = lacking.nats;
const README = 'packages/nats/README.md';

describe.skipIf(isLacking)('the README', () => {
  let folder: SnippetFolder;

  beforeAll(async () => {
    folder = await SnippetFolder.make('test/engines');
    await folder.write('host.mjs', snippet('packages/nats/README.md: // host.mjs').code);
    await folder.write('ask.mjs', snippet('packages/nats/README.md: // ask.mjs').code);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('has two programs, one that serves and one that asks', async () => {
    await using server = await NatsServer.start('');
    const env = { NATS_URL: `127.0.0.1:${server.port}` };
    const [host, ask] = commandsIn(snippet('packages/nats/README.md: node host.mjs &').code);
    expect([host, ask]).toEqual(['node host.mjs &', 'node ask.mjs']);
    using served = new Spawned([process.execPath, 'host.mjs'], {
      cwd: folder.path,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(String((await once(served.child.stdout as NonNullable<typeof served.child.stdout>, 'data'))[0])).toMatch(
      /^serves the processes of \S+\n$/,
    );
    const asked = await outcomeOf(process.execPath, ['ask.mjs'], env, folder.path);
    const shown = snippet(
      'packages/nats/README.md: db1.example.com: 212 processes, the largest is postgres with 834 MB',
    );
    const line = /^\S+: \d+ processes, the largest is .+ with \d+ MB$/;
    expect(asked).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(new RegExp(line, 'm')) });
    expect(shown.code.split('\n')[0]).toMatch(line);
    // The last line of what is shown is that of a host that is stopped.
    const connection = await connectToNats({ servers: env.NATS_URL });
    await using fleet = connect({ connection });
    const [{ name } = { name: '' }] = await fleet.hosts();
    served.child.kill('SIGSTOP');
    const scan = fleet.scan({ fields: ['name'], hosts: [name], hostTimeout: 5000 });
    expect((await scan.next()).done).toBe(true);
    const said = `${name}: ${scan.missing[0]?.error.message}`;
    expect(said).toMatch(pattern(String(shown.code.split('\n')[2])));
    served.child.kill('SIGCONT');
    await connection.close();
  });

  it('starts a server by the configuration of the package', async () => {
    const { code } = snippet(
      'packages/nats/README.md: HOSTS_PASSWORD=… ASKERS_PASSWORD=… nats-server --config node_modules/@psutil-extra/nats/nats-server.conf',
    );
    const command = code
      .trim()
      .replaceAll('…', 'secret')
      .replace(/node_modules\S+/, CONFIG);
    expect(join(ROOT, 'packages/nats', command.split('/').at(-1) as string)).toBe(CONFIG);
    using server = new Spawned(['sh', '-c', command.replace(/(nats-server) /, 'exec $1 --addr 127.0.0.1 --port -1 ')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    server.child.stderr?.on('data', (data: Buffer) => {
      log += data.toString();
    });
    await until('it is ready', () => log.includes('Server is ready'));
    const servers = /Listening for client connections on (\S+)/.exec(log)?.[1] as string;
    // As it stands there: with the password from the environment.
    const { code: program } = snippet(
      "packages/nats/README.md: const connection = await connectToNats({ servers, user: 'askers', pass: process.env.ASKERS_PASSWORD, inboxPrefix: '_INBOX_askers' });",
    );
    await folder.write(
      'askers.mjs',
      `import { connect as connectToNats } from '@nats-io/transport-node';
      const servers = '${servers}';
      ${program}
      await connection.close();`,
    );
    expect(await outcomeOf(process.execPath, ['askers.mjs'], { ASKERS_PASSWORD: 'secret' }, folder.path)).toMatchObject(
      {
        code: 0,
        stderr: '',
      },
    );
  });

  it('names the permissions that its configuration gives', () => {
    const config = read('packages/nats/nats-server.conf');
    const rows = tableOf(README, ['user', 'subscribes to', 'publishes to']);
    expect(rows.map(([user]) => user)).toEqual(Array.from(config.matchAll(/user: (\w+)/g), ([, user]) => user));
    for (const [, ...cells] of rows) {
      for (const [, subject = ''] of cells.join().matchAll(/`([^`]+)`/g)) {
        expect(config).toContain(subject === 'allow_responses' ? subject : `"${subject}"`);
      }
    }
  });

  it('names each code of an error', () => {
    const codes = tableOf(README, ['code', 'what happened']).map(([code]) => String(code).replaceAll('`', ''));
    const source = read('packages/nats/src/fleet-error.ts');
    expect(codes.sort()).toEqual(Array.from(source.matchAll(/\| '(ERR_\w+)'/g), ([, code]) => String(code)).sort());
  });
});

it.runIf(isLacking)('the README cannot be tested here', ({ skip }) => skip(what));

/** A line that is shown shortened, with the name and the number of one host. */
function pattern(line: string): RegExp {
  const [, text = ''] = /no answer(.*?)…$/.exec(line) ?? [];
  const escaped = text.replace(/psutil-extra\.\S+/, '@').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^\\S+: no answer${escaped.replace('@', '\\S+')}`);
}
