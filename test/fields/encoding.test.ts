import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { becoming } from '../processes/becoming.js';
import { Python } from '../processes/python.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const BUFFER = { encoding: 'buffer' } as const;

test('cmdline and environ are the bytes themselves as Buffers', async () => {
  using asleep = await becoming('sleep', ['a\\xffb', '300'], ['A=1', 'ODD=\\xff', 'A=2']);
  expect(await client.cmdline(asleep.pid, BUFFER)).toEqual([Buffer.from([0x61, 0xff, 0x62]), Buffer.from('300')]);
  expect(await client.environ(asleep.pid, BUFFER)).toEqual({ A: Buffer.from('2'), ODD: Buffer.from([0xff]) });
});

test('exe, cwd and name are the bytes themselves as Buffers, for a Process and in a oneshot too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-encoding-'));
  try {
    const odd = Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]);
    mkdirSync(odd);
    const program = Buffer.concat([odd, Buffer.from('/b'), Buffer.from([0xfe])]);
    copyFileSync('/bin/sleep', program);
    using python = await Python.start();
    await python.run(`os.chdir(b'${folder}/a\\xff')`);
    python.run("os.execv(b'./b\\xfe', [b'sleep', b'300'])").catch(() => {});
    await until('python3 has become the copy', async () => (await client.exe(python.pid))?.startsWith(folder));
    const held = await client.process(python.pid);
    await using scope = await client.oneshot(python.pid);
    const { pid } = python;
    for (const reader of [
      { exe: () => client.exe(pid, BUFFER), cwd: () => client.cwd(pid, BUFFER), name: () => client.name(pid, BUFFER) },
      { exe: () => held.exe(BUFFER), cwd: () => held.cwd(BUFFER), name: () => held.name(BUFFER) },
      { exe: () => scope.exe(BUFFER), cwd: () => scope.cwd(BUFFER), name: () => scope.name(BUFFER) },
    ]) {
      expect(await reader.exe()).toEqual(program);
      expect(await reader.cwd()).toEqual(odd);
      expect(await reader.name()).toEqual(Buffer.from([0x62, 0xfe]));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
