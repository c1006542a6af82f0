import * as fc from 'fast-check';
import { createClient } from 'psutil-extra';
import { createRemoteClient, createResponder, decodeScan, encodeScan, isLastPart } from 'psutil-extra/remote';
import { afterAll, describe, expect, test } from 'vitest';
import { hostile, Thrown } from '../property/hostile.js';
import { propertyRuns } from '../property/runs.js';

const client = createClient({ threads: 1 });
const responder = createResponder(client);
const { description } = responder;
afterAll(() => client.close());

/** It is about the argument, or is what the value itself threw. */
function isClear(error: unknown): boolean {
  if (error instanceof Thrown) return true;
  const { code, message } = error as { code?: string; message?: string };
  return code?.startsWith('ERR_') === true || /revoked|Class constructor/.test(String(message));
}

const FUNCTIONS: readonly (readonly [string, (...args: unknown[]) => unknown])[] = [
  ['createResponder', (first, second) => createResponder(first as never, second as never)],
  ['createResponder with a client', (options) => createResponder(client, options as never)],
  ['createRemoteClient', (first, second) => createRemoteClient(first as never, second as never)],
  [
    'createRemoteClient of a description',
    (value) => createRemoteClient({ description: value as never, request: never }),
  ],
  [
    'createRemoteClient with options',
    (options) => createRemoteClient({ description, request: never }, options as never),
  ],
  ['encodeScan', (options) => encodeScan(options as never)],
  ['decodeScan', (parts, options) => decodeScan(parts as never, description, options as never)],
  ['decodeScan of a description', (value) => decodeScan([], value as never)],
  ['decodeScan of a part', (part) => decodeScan([part as never], description)],
  ['isLastPart', (part) => isLastPart(part as never)],
  ['handle', (message, options) => responder.handle(message as never, options as never)],
];

function never(): never {
  throw new Error('it is not called');
}

describe('wrong arguments', () => {
  test.each(FUNCTIONS)('of %s are errors that say which', (_, call) => {
    fc.assert(
      fc.property(hostile(), hostile(), (first, second) => {
        try {
          call(first(), second());
        } catch (error) {
          if (!isClear(error)) throw new Error('neither of an argument nor of a description', { cause: error });
        }
      }),
      propertyRuns(200),
    );
  });

  test('of a responder make it answer with an error', async () => {
    await fc.assert(
      fc.asyncProperty(hostile(), async (make) => {
        const parts: Uint8Array[] = [];
        for await (const part of responder.handle(make() as never)) parts.push(part);
        expect(parts.map(isLastPart)).toEqual([true]);
      }),
      propertyRuns(200),
    );
  });
});
