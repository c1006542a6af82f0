import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { loadAddon, run } from '@psutil-extra/native';
import { FIELD_INDEX } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';
import { runNode } from '../processes/node.js';

const { capabilities, Reader, refusalOfWalk } = loadAddon();

test('the signals of the headers are those that Node knows, and the real-time ones', () => {
  const { SIGRTMIN, SIGRTMAX, ...signals } = Object.fromEntries(
    capabilities.signals.map(({ name, number }) => [name, number]),
  );
  expect(signals).toEqual(constants.signals);
  expect([SIGRTMIN, SIGRTMAX]).toEqual([34, 64]);
});

test('the resources of the headers are each there once', () => {
  const numbers = capabilities.resources.map(({ number }) => number).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 16 }, (_, number) => number));
});

test('each backend lists the fields that it reads: a new one is not listed before it is read', () => {
  const platforms = new URL('../../packages/native/src/platform/', import.meta.url);
  const sources = readdirSync(platforms, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(cc|h)$/.test(file),
  );
  expect(sources).toContain('freebsd/backend.cc');
  const claiming = sources.filter((file) => readFileSync(new URL(file, platforms), 'utf8').includes('kAllFields'));
  expect(claiming).toEqual([]);
});

test('a read of every process is a walk by BPF, and fails where that is not available', () => {
  const pgid = 1 << FIELD_INDEX.pgid;
  const scan = { op: 'cursor', fields: pgid, number: 1, from: 0, max: 1e6 } as const;
  expect(run(new Reader('/proc/.'), scan)).toMatchObject({ code: 'ENOTSUP', syscall: 'bpf' });
  const answer = run(new Reader('/proc'), scan);
  if (refusalOfWalk() === null) expect(answer).toBeInstanceOf(ArrayBuffer);
  else expect(answer).toEqual(refusalOfWalk());
});

test('PSUTIL_EXTRA_ADDON names the one addon to load, and is named where it cannot be', async () => {
  const wrapper = ['env', 'PSUTIL_EXTRA_ADDON=/nowhere/other.node'];
  const source = `
    import { loadAddon, run } from '@psutil-extra/native';
    try { loadAddon(); } catch ({ code, message }) { console.log(code, message); }`;
  const { stdout } = await runNode(source, { wrapper });
  expect(stdout).toMatch(/^ERR_ADDON_NOT_LOADED .*Tried:\n {2}\/nowhere\/other\.node: /s);
  expect(stdout).not.toContain('build/Release');
});
