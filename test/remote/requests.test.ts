import * as fc from 'fast-check';
import { createClient } from 'psutil-extra';
import { createRemoteClient, createResponder, encodeScan, isLastPart, type Responder } from 'psutil-extra/remote';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkClientOptions } from '../../packages/client/dist/api/client-options.js';
import { Runtime } from '../../packages/client/dist/api/runtime.js';
import { Redaction } from '../../packages/client/dist/remote/redaction.js';
import * as responders from '../../packages/client/dist/remote/responder.js';
import { sleeper } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { propertyRuns } from '../property/runs.js';
import { CALLS, changed, changes, header, textOf } from './hostile.js';
import { EVERYTHING, Loopback, partsOf } from './loopback.js';

/** Its bound is no option. */
const { ClientResponder } = responders as unknown as {
  readonly ClientResponder: new (
    runtime: Runtime,
    allowed: ReadonlySet<never>,
    redaction: Redaction,
    mostScanned: number,
  ) => Responder;
};

const local = createClient({ threads: 2 });
const responder = createResponder(local, { allow: EVERYTHING });
const { description } = responder;
afterAll(() => local.close());

let other: Spawned;
beforeAll(async () => {
  other = await sleeper();
});
afterAll(() => other[Symbol.dispose]());

/** An answer with an end, in parts that are not too long. */
async function expectAnswer(message: Uint8Array, to = responder): Promise<void> {
  const parts = await partsOf(to, message, 4096);
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.map(isLastPart)).toEqual(parts.map((_, i) => i === parts.length - 1));
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(4096);
}

/** The request of an action. */
function act(pid: number, kind: number, ...values: bigint[]): Uint8Array {
  const body = Buffer.alloc(16 + values.length * 8);
  body.writeInt32LE(pid);
  body.writeDoubleLE(-1, 4);
  body.writeUInt8(kind, 12);
  body.writeUInt16LE(values.length, 14);
  for (const [i, value] of values.entries()) body.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + i * 8);
  return Buffer.concat([header(3), body]);
}
describe('a responder', () => {
  /** Every request that those calls send. */
  const requests: Uint8Array[] = [];
  beforeAll(async () => {
    const loopback = new Loopback(local, { allow: EVERYTHING });
    const recorded = createRemoteClient({
      description,
      request: (message, options) => {
        requests.push(message);
        return loopback.request(message, options);
      },
    });
    for (const [, call] of CALLS) await call(recorded, other.pid);
    await recorded.close();
  });

  test('answers any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => expectAnswer(bytes)),
      propertyRuns(300),
    );
  });

  test('answers requests of which some bytes are changed, missing or added', async () => {
    // No change is allowed here: the processes that it would be of are those of the machine.
    const reading = createResponder(local, { allow: ['cmdline'] });
    await fc.assert(
      fc.asyncProperty(fc.nat(), changes, fc.integer({ min: -8, max: 8 }), async (which, each, more) => {
        const request = requests[which % requests.length] as Uint8Array;
        const bytes = new Uint8Array(Math.max(0, request.length + more));
        bytes.set(request.subarray(0, bytes.length));
        // Behind the version and the schema, which would refuse the rest unread.
        const body = bytes.subarray(Math.min(bytes.length, 12));
        for (const { at, value } of each) if (body.length > 0) changed(body, at, value);
        if (bytes.length > 3 && more % 2 !== 0) bytes[3] = which % 6;
        await expectAnswer(bytes, reading);
      }),
      propertyRuns(800),
    );
  });

  test.each([
    ['what is no bytes', 'text'],
    ['nothing', undefined],
    ['a request that is too long', new Uint8Array(200_000)],
  ])('answers %s', async (_, message) => {
    await expectAnswer(message as never);
  });

  test('refuses to act on a group of processes, and values that are out of range', async () => {
    for (const message of [
      act(0, 6, 0n),
      act(-1, 6, 0n),
      act(other.pid, 6, 1000n),
      act(other.pid, 6, 0n, 0n),
      act(other.pid, 1, 2n, 0n),
      act(other.pid, 1, 0n, -21n),
      act(other.pid, 2, 0n, 99n, 0n),
      act(other.pid, 7, 0n),
      act(other.pid, 0, 0n),
    ]) {
      expect(textOf(await partsOf(responder, message))).toMatch(/ERR_REMOTE_REQUEST/);
    }
    expect(textOf(await partsOf(responder, act(other.pid, 6, 0n)))).not.toMatch(/error|ERR/);
  });

  test('answers another version with its own', async () => {
    const [request] = requests as [Uint8Array];
    for (const at of [2, 4, 11]) {
      const bytes = request.slice();
      (bytes[at] as number) ^= 1;
      expect(textOf(await partsOf(responder, bytes))).toMatch(/another version.*ERR_REMOTE_VERSION/);
    }
  });

  test('sends no scan that is larger than an asker takes, and does not collect it either', async () => {
    const runtime = new Runtime(checkClientOptions({ threads: 1 }));
    const small = new ClientResponder(runtime, new Set(), new Redaction([]), 1000);
    const answer = textOf(await partsOf(small, encodeScan({ fields: ['name', 'fds', 'memoryMaps'] })));
    expect(answer).toMatch(/the scan has more than 1000 bytes: ask for fewer fields.*ERR_REMOTE_TOO_LARGE/);
    expect(answer.length).toBeLessThan(1000);
    await runtime.close();
  });

  test('works on a bounded number of requests, and on others when those are left', async () => {
    const first = requests[0] as Uint8Array;
    const busy = createResponder(local);
    const held = await Promise.all(
      Array.from({ length: 1024 }, async () => {
        const parts = busy.handle(first);
        await parts.next();
        return parts;
      }),
    );
    expect(textOf(await partsOf(busy, first))).toMatch(/ERR_REMOTE_BUSY/);
    await Promise.all(held.map((each) => each.return()));
    expect(textOf(await partsOf(busy, first))).not.toMatch(/ERR_REMOTE_BUSY/);
  });
});
