import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeRequest, encodeRequest, MIN_PART, Verb } from '../../packages/nats/dist/request.js';
import { sightingIn } from '../../packages/nats/dist/roster.js';
import { hostSubject, instanceSubject, tokenOf } from '../../packages/nats/dist/subjects.js';

describe('a request', () => {
  const request = {
    verb: Verb.more,
    session: randomBytes(12).toString('hex'),
    maxPart: 123_456,
    parts: 7,
    message: Uint8Array.of(1, 2, 3),
  };

  it('comes out as it went in, and keeps nothing of the buffer that it came in', () => {
    const sent = Buffer.concat([Buffer.from('before'), encodeRequest(request), Buffer.from('')]);
    const decoded = decodeRequest(sent.subarray(6));
    expect(decoded).toEqual(request);
    expect(decoded?.message.buffer.byteLength).toBe(3);
  });

  it.each([
    ['is empty', () => new Uint8Array(0)],
    ['is cut off', () => encodeRequest(request).subarray(0, 18)],
    ['is of another version', () => encodeRequest(request).fill(2, 0, 1)],
    ['wants what is unknown', () => encodeRequest(request).fill(3, 1, 2)],
    ['wants no parts', () => encodeRequest({ ...request, parts: 0 })],
    ['wants too many parts', () => encodeRequest({ ...request, parts: 65 })],
    ['wants parts that are too small', () => encodeRequest({ ...request, maxPart: MIN_PART - 1 })],
    ['wants parts that are too large', () => encodeRequest({ ...request, maxPart: 2 ** 26 + 1 })],
  ])('that %s is none', (_, bytes) => {
    expect(decodeRequest(bytes())).toBeUndefined();
  });
});

describe('a subject', () => {
  it.each(['db1', 'db1.example.com', '*', '>', 'a b', 'ü\n', '%2E', '$SRV', '..', 'x'.repeat(255)])(
    'has %j as one token that no other name has',
    (host) => {
      expect(tokenOf(host)).toMatch(/^[^\s.*>]+$/);
      expect(decodeURIComponent(tokenOf(host))).toBe(host);
      expect(instanceSubject('p', host, 'ID').split('.')).toEqual(['p', tokenOf(host), 'ID']);
    },
  );

  it('reads as the host does where that is possible', () => {
    expect(hostSubject('psutil-extra', 'db-1_a')).toBe('psutil-extra.db-1_a');
  });
});

describe('what a service says of itself', () => {
  const good = { host: 'db1', instance: 'I1', machine: 'abc', digest: 'def' };

  it('is taken where it is whole', () => {
    expect(sightingIn({ ...good, more: 1 })).toEqual(good);
  });

  it.each([
    null,
    'db1',
    [],
    { ...good, host: '' },
    { ...good, host: 1 },
    { ...good, host: 'x'.repeat(256) },
    { ...good, host: 'a\nb' },
    { ...good, host: '\u202edb1' },
    { ...good, host: '\ud800' },
    { ...good, instance: 'a.b' },
    { ...good, instance: '>' },
    { ...good, machine: undefined },
    { ...good, digest: 'x'.repeat(65) },
  ])('is nothing where it is %j', (value) => {
    expect(sightingIn(value)).toBeUndefined();
  });
});
