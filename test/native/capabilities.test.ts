import { constants } from 'node:os';
import { FIELD_INDEX, loadAddon } from '@psutil-extra/native';
import { expect, test } from 'vitest';
import { runNode } from '../processes/node.js';

const { capabilities, Reader } = loadAddon();

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

test('every process at once is refused where the system has no call for it', () => {
  const reader = new Reader('/proc');
  expect(() => reader.read(null, null, 1 << FIELD_INDEX.pgid, null, 0)).toThrow(TypeError);
});

test('PSUTIL_EXTRA_ADDON names the one addon to load, and is named where it cannot be', async () => {
  const wrapper = ['env', 'PSUTIL_EXTRA_ADDON=/nowhere/other.node'];
  const source = `
    import { loadAddon } from '@psutil-extra/native';
    try { loadAddon(); } catch ({ code, message }) { console.log(code, message); }`;
  const { stdout } = await runNode(source, { wrapper });
  expect(stdout).toMatch(/^ERR_ADDON_NOT_LOADED .*Tried:\n {2}\/nowhere\/other\.node: /);
  expect(stdout).not.toContain('build/Release');
});
