import { readFileSync } from 'node:fs';
import { createClient, type ProcessTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';
import { throughLoopback } from './loopback.js';

const local = createClient({ threads: 1 });
const redact = [/(?<=--password[= ])\S+/, /sécret\d/gi, /(?<=^TOKEN=).+/y, /s3cr3t/];
const { remote } = throughLoopback(local, { allow: ['cmdline', 'environ'], redact });
afterAll(() => Promise.all([remote.close(), local.close()]));

let secretive: Spawned;
beforeAll(async () => {
  const args = [
    '--password',
    'hunter2',
    '--password=öä€',
    'Sécret1sécret2',
    '\u{1f511}sécret3\u{1f511}',
    'TOKEN=here',
    '',
  ];
  secretive = new Spawned(['sh', '-c', 'kill -STOP $$', ...args], {
    env: { TOKEN: 'abc def', PATH: '/usr/bin:/bin', OTHER: 'TOKEN=kept' },
    stdio: 'ignore',
  });
  await until('it runs sh', () => readFileSync(`/proc/${secretive.pid}/cmdline`, 'latin1').startsWith('sh'));
});
afterAll(() => secretive[Symbol.dispose]());

const MASKED = [
  'sh',
  '-c',
  'kill -STOP $$',
  '--password',
  '*******',
  `--password=${'*'.repeat(7)}`,
  `${'*'.repeat(8)}${'*'.repeat(8)}`,
  `\u{1f511}${'*'.repeat(8)}\u{1f511}`,
  'TOKEN=****',
  '',
];

describe('what a pattern matches', () => {
  test('is asterisks of as many bytes, in arguments and across them', async () => {
    expect(await remote.cmdline(secretive.pid)).toEqual(MASKED);
  });

  test('is masked in scans, snapshots, oneshots and the bytes of texts too', async () => {
    const table: ProcessTable<'cmdline'> = await remote.scan({ fields: ['cmdline'] });
    expect(table.get(secretive.pid)?.cmdline).toEqual(MASKED);
    expect((await remote.snapshot(secretive.pid, { fields: ['cmdline'] })).cmdline).toEqual(MASKED);
    expect(await remote.oneshot(secretive.pid, (scope) => scope.cmdline())).toEqual(MASKED);
    const bytes = await remote.cmdline(secretive.pid, { encoding: 'buffer' });
    expect((bytes as unknown as Buffer[]).map(String)).toEqual(MASKED);
  });

  test('is masked in variables, of each by itself', async () => {
    const { TOKEN, OTHER } = await remote.environ(secretive.pid);
    expect({ TOKEN, OTHER }).toEqual({ TOKEN: '*******', OTHER: 'TOKEN=kept' });
  });

  test('is masked in paths', async () => {
    const cwd = throughLoopback(local, { redact: [/[^/]+$/] });
    const masked = await cwd.remote.exe(process.pid);
    expect(masked).toMatch(/\/\*+$/);
    expect(masked).toHaveLength(Buffer.byteLength((await local.exe(process.pid)) ?? ''));
    await cwd.remote.close();
  });

  test('is as it was for the host itself', async () => {
    expect(await local.cmdline(secretive.pid)).toContain('hunter2');
  });

  test('does not match in bytes that are no text', async () => {
    using odd = new Spawned(['sh', '-c', `exec sh -c 'kill -STOP $$' "$(printf 'a\\377s3cr3t\\377\\303')"`], {
      stdio: 'ignore',
    });
    await until('it has stopped itself', () =>
      readFileSync(`/proc/${odd.pid}/cmdline`, 'latin1').includes('-STOP $$\0a'),
    );
    const [, , , argument] = (await remote.cmdline(odd.pid, { encoding: 'buffer' })) as unknown as Buffer[];
    expect(argument?.toString('latin1')).toBe('a\xff******\xff\xc3');
  });
});
