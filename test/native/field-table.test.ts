import { loadAddon } from '@psutil-extra/native';
import { FIELD_INDEX, FIELDS, STATES } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';

test('the fields of TypeScript are those of C++, in order and in type', () => {
  expect(loadAddon().fields).toEqual(FIELDS.map(({ name, signature }) => ({ name, type: signature })));
});

test('a field’s index is its position', () => {
  expect(Object.entries(FIELD_INDEX)).toEqual(FIELDS.map(({ name }, index) => [name, index]));
});

test('Linux supports every field, and every source has its name', () => {
  const { backend, fields, sources } = loadAddon().capabilities;
  expect(backend).toBe('linux');
  expect(fields).toBe(2 ** FIELDS.length - 1);
  expect(new Set(sources).size).toBe(sources.length);
  expect(sources).toEqual(
    expect.arrayContaining(['status', 'stat', 'limits', 'prlimit64', 'getpgid', 'getsid', 'bpf']),
  );
});

test('a state fits in a byte', () => {
  expect(new Set(STATES).size).toBe(STATES.length);
  expect(STATES.length).toBeLessThan(255);
});
