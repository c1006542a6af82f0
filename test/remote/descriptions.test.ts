import * as fc from 'fast-check';
import { type Client, createClient, WorkerError } from 'psutil-extra';
import { createRemoteClient, createResponder, decodeScan } from 'psutil-extra/remote';
import { afterAll, describe, expect, test } from 'vitest';
import { propertyRuns } from '../property/runs.js';
import { EVERYTHING } from './loopback.js';

const local = createClient({ threads: 1 });
const { description } = createResponder(local, { allow: EVERYTHING });
afterAll(() => local.close());

/** Sends nothing. */
function request(): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
}

function make(changes: object): Client {
  return createRemoteClient({ description: { ...description, ...changes }, request }, { name: 'web-1' });
}

describe('a description', () => {
  test.each([
    [
      'of another protocol',
      { protocol: 2, version: '9.1.0' },
      /web-1 speaks version 2 .*psutil-extra 9\.1\.0.*version 1 \(psutil-extra \d/,
    ],
    [
      'of other fields',
      { schema: '0123456789abcdef', version: '9.1.0' },
      /web-1 has psutil-extra 9\.1\.0 with the fields of schema 0123456789abcdef, and this program psutil-extra \d/,
    ],
    ['of an unknown system', { platform: 'plan9' }, /web-1 runs on plan9/],
  ])('%s is refused in one sentence', (_, changed_, message) => {
    expect(() => make(changed_)).toThrow(WorkerError);
    expect(() => make(changed_)).toThrow(message);
    expect(() => decodeScan([], { ...description, ...changed_ })).toThrow(WorkerError);
    expect(() => make(changed_)).toThrow(expect.objectContaining({ code: 'ERR_REMOTE_VERSION' }));
  });

  test('is the same after JSON, and small', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    expect(JSON.stringify(description).length).toBeLessThan(4000);
  });

  test('of which a part is anything else makes a client, or is refused', () => {
    const names = Object.keys(description);
    const inner = Object.keys(description.capabilities);
    fc.assert(
      fc.property(fc.constantFrom(...names, ...inner), fc.anything(), (name, value) => {
        const made = names.includes(name)
          ? { ...description, [name]: value }
          : { ...description, capabilities: { ...description.capabilities, [name]: value } };
        try {
          const client = createRemoteClient({ description: made, request }, { name: 'web-1' });
          client.supports('umask');
          client.stats();
        } catch (error) {
          expect(error).toBeInstanceOf(WorkerError);
          expect((error as Error).message).toMatch(/web-1/);
        }
      }),
      propertyRuns(500),
    );
  });

  test('gives no object a prototype', () => {
    const resources = [['__proto__', 0]];
    expect(() => make({ capabilities: { ...description.capabilities, resources } })).toThrow(/resources/);
  });
});
