import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, psutilExtra } from '../cli-command.js';
import { SnippetFolder } from '../documents/snippet-folder.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';
import { NEVER_CLOSED, PASSED_ON } from './passed-on.js';

let folder: SnippetFolder;

beforeAll(async () => {
  folder = await SnippetFolder.make();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The command, as soon as it says where it is. */
function serving(...args: string[]) {
  return servingWith([], ...args);
}

/** The same, with flags of Node. */
async function servingWith(flags: readonly string[], ...args: string[]) {
  const command = [process.execPath, ...flags, COMMAND, 'serve', ...args];
  const spawned = new Spawned(command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  spawned.child.stderr?.on('data', (data) => {
    said += data;
  });
  const url = await until('it serves', () => {
    if (!spawned.running) throw new Error(said);
    return /^metrics on (http:\S+)\/metrics$/m.exec(said)?.[1];
  });
  return { spawned, url, said: () => said };
}

describe('serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves metrics, and ends at once with 0 by %s', async (signal) => {
    const { spawned, url } = await serving('--metrics', '0', '--interval', '0.2');
    using _ = spawned;
    // A reader that keeps its connection does not hold it.
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/^process_group_processes\{group="node",state="running"\} \d+$/m);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ended = once(spawned.child, 'exit');
    const before = performance.now();
    spawned.child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends with 0 by %s, though it is passed on to it again',
    async (by) => {
      const { spawned } = await servingWith(PASSED_ON, '--metrics', '0');
      using _ = spawned;
      const ended = once(spawned.child, 'exit');
      spawned.child.kill(by);
      expect(await ended).toEqual([0, null]);
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)('that does not end is ended by another %s', async (by) => {
    const { spawned } = await servingWith(NEVER_CLOSED, '--metrics', '0');
    using _ = spawned;
    const ended = once(spawned.child, 'exit');
    await until('it has ended', () => {
      spawned.child.kill(by);
      return !spawned.running;
    });
    expect(await ended).toEqual([null, by]);
  });

  it('groups as --group-by says', async () => {
    const { spawned, url } = await serving('--metrics', '0', '--group-by', 'user');
    using _ = spawned;
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^process_group_threads\{group="root"\} \d+$/m);
  });

  it('groups as a file says', async () => {
    const config = { groupBy: [{ group: 'served-{port}', cmdline: { regex: 'serve --metrics (?<port>\\d+)' } }] };
    const file = join(folder.path, 'groups.json');
    await writeFile(file, JSON.stringify(config));
    const { spawned, url } = await serving('--metrics', '0', '--config', file);
    using _ = spawned;
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^process_group_starts_total\{group="served-0"\} 0$/m);
  });

  it('says which port another program has', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, stderr } = await psutilExtra(['serve', '--metrics', String(port)]);
    server.close();
    expect(stderr).toBe(
      `psutil-extra: --metrics 127.0.0.1:${port}: another program has port ${port}; choose another one, or 0 for any that is free\n`,
    );
    expect(code).toBe(1);
  });

  it.each([
    [[], 2, /required option '--metrics <address>' not specified/],
    [['--metrics', '70000'], 2, /'70000' is invalid\. It is not a port/],
    [['--metrics', ':9256'], 2, /Every address of this machine is 0\.0\.0\.0, or \[::\]/],
    [
      ['--metrics', 'example.com:9256'],
      2,
      /It is a port, or an address and a port: 9256, 10\.0\.0\.1:9256, \[::1\]:9256/,
    ],
    [['--metrics', '192.0.2.1:0'], 1, /--metrics 192\.0\.2\.1:0: no network interface .* has the address 192\.0\.2\.1/],
    [['--metrics', '[2001:db8::1]:0'], 1, /--metrics \[2001:db8::1\]:0: /],
    [['--metrics', '0', '--group-by', 'pid'], 2, /choices are name, user, cgroup, container/],
    [['--metrics', '0', '--config', '/nowhere.json'], 2, /--config \/nowhere\.json: ENOENT/],
    [['--metrics', '0', '--config', 'x', '--group-by', 'user'], 2, /cannot be used with option '--config/],
    [['--metrics', '0', '--proc-root', '/usr'], 1, /\/usr is not a proc filesystem/],
  ])('refuses %j, and says why', async (args, code, message) => {
    const outcome = await psutilExtra(['serve', ...args]);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
  });

  it.each([
    ['{', /groups\.json is not JSON/],
    ['{"maxgroups":1}', /groups\.json: .*has no option 'maxgroups'/],
    ['{"groupBy":[{"name":{"regex":"("}}]}', /groups\.json: .*groupBy\[0\]\.name\.regex' is no regular expression/],
  ])('names the file of options and what is wrong in it: %s', async (text, message) => {
    const file = join(folder.path, 'groups.json');
    await writeFile(file, text);
    const { code, stderr } = await psutilExtra(['serve', '--metrics', '0', '--config', file]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
