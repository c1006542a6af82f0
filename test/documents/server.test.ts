import { once } from 'node:events';
import { expect, it } from 'vitest';
import { outcomeOf } from '../cli-command.js';
import { lacking } from '../processes/abilities.js';
import { Spawned } from '../processes/spawned.js';
import { commandsIn, ROOT, snippet } from './markdown.js';

it('the server of examples/ starts by the line in its README, after npm run build', async () => {
  const [build, start = ''] = commandsIn(snippet('examples/server/README.md: npm run build').code);
  // That is the first part of npm test.
  expect(build).toBe('npm run build');
  const [node, ...args] = start.split(' ');
  expect(node).toBe('node');
  // 8080 may be in use: any other port will do.
  const command = [process.execPath, ...args, '--port', '0'];
  using server = new Spawned(command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const { stdout } = server.child;
  // Its first line, or undefined if it ends first.
  const [line] = await Promise.race([once(stdout as NonNullable<typeof stdout>, 'data'), once(server.child, 'exit')]);
  const address = String(line).trim();
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const rows = (await (await fetch(`${address}/processes?fields=name`)).json()) as readonly { pid: number }[];
  expect(JSON.stringify(rows)).toContain(`"pid":${server.pid},`);
});

it('Debian has the packages that the tests of the server need', async ({ skip }) => {
  skip(...lacking.packageLists);
  const { code: line } = snippet(
    'examples/server/README.md: apt-get install --no-install-recommends chromium prometheus fonts-dejavu-core',
  );
  // A dry run, which needs neither a network nor root.
  const { code, stderr } = await outcomeOf('sh', ['-c', line.replace('install', 'install --simulate')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
