import { ANY_START, FIELDS, IDENTIFY, ONLY, ReadFlag } from '@psutil-extra/native/protocol';
import { expect, test } from 'vitest';
import { packRead, unpackRead } from '../../packages/worker/dist/packed-read.js';

const READ = { op: 'read', fields: 1, flags: 0, pids: 5, starts: ANY_START } as const;

test.each([0, 1, 63, 64, 2 ** 22, 2 ** 31 - 1])(
  'a read of each field of PID %d is the same after it was packed',
  (pids) => {
    for (const { bits } of ONLY) {
      for (const flags of [0, ...Object.values(ReadFlag), 15]) {
        const request = { ...READ, fields: bits, flags, pids };
        expect(unpackRead(packRead(request) as number)).toEqual(request);
      }
    }
    expect(ONLY).toHaveLength(FIELDS.length);
  },
);

test.each([
  ['several fields', { ...READ, fields: 3 }],
  ['no field', { ...READ, fields: 0 }],
  ['a start', { ...READ, starts: 12 }],
  ['an identity', { ...READ, starts: IDENTIFY }],
  ['a negative PID', { ...READ, pids: -1 }],
  ['an array of PIDs', { ...READ, pids: Int32Array.of(5), starts: Float64Array.of(ANY_START) }],
])('a read of %s is not packed', (_, request) => {
  expect(packRead(request)).toBeUndefined();
});

test('what is no read is not packed', () => {
  expect(packRead({ op: 'boot' })).toBeUndefined();
});
