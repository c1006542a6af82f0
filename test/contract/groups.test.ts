import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { ps } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('groups are those that the process itself gets from getgroups(2)', async () => {
  using python = await Python.start();
  expect(await client.groups(python.pid)).toEqual(await python.run('os.getgroups()'));
});

test('groups are those that setpriv gave, as ps lists them', async ({ skip }) => {
  skip(...lacking.root);
  using process = await sleeper(['setpriv', '--groups=10,20,4294967294']);
  expect(await client.groups(process.pid)).toEqual([10, 20, 4_294_967_294]);
  expect(ps(process.pid, 'supgid')[0]).toBe('10,20,4294967294');
});

test('a process without supplementary groups has an empty array', async ({ skip }) => {
  skip(...lacking.root);
  using process = await sleeper(['setpriv', '--clear-groups']);
  expect(await client.groups(process.pid)).toEqual([]);
});

test('all of 65,536 groups are returned', async ({ skip }) => {
  skip(...lacking.root);
  using python = await Python.start();
  await python.run('os.setgroups(range(100000, 165536))');
  const groups = await client.groups(python.pid);
  expect(groups).toHaveLength(65_536);
  expect(groups).toEqual(await python.run('os.getgroups()'));
});

test('the lines of a file behind 65,536 groups are still read', async ({ skip }) => {
  skip(...lacking.root);
  using python = await Python.start();
  await python.run('os.setgroups(range(100000, 165536))');
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})');
  const { groups, sigmasks } = await client.snapshot(python.pid, { fields: ['groups', 'sigmasks'] });
  expect([groups?.length, sigmasks?.blocked?.names()]).toEqual([65_536, ['SIGUSR2']]);
});

test('each caller has an array of its own', async () => {
  const [first, second] = await Promise.all([client.groups(process.pid), client.groups(process.pid)]);
  first.push(-1);
  expect(second).not.toContain(-1);
  expect(await client.groups(process.pid)).not.toContain(-1);
});
