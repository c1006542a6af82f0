import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { type Client, createClient, FIELDS, type Field, type ProcessTable, WorkerError } from 'psutil-extra';
import { createResponder, decodeScan, encodeScan } from 'psutil-extra/remote';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeError, encodeError } from '../../packages/client/dist/remote/answer-records.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';
import type { Spawned } from '../processes/spawned.js';
import { propertyRuns } from '../property/runs.js';
import {
  anywhere,
  CALLS,
  changed,
  changes,
  everythingOf,
  header,
  joined,
  nameOf,
  part,
  record,
  settles,
} from './hostile.js';
import { answering, EVERYTHING, partsOf } from './loopback.js';

const local = createClient({ threads: 2 });
const responder = createResponder(local, { allow: EVERYTHING });
const { description } = responder;
afterAll(() => local.close());

let other: Spawned;
beforeAll(async () => {
  other = await sleeper();
});
afterAll(() => other[Symbol.dispose]());

/** A call's rejection that says what is damaged. */
async function expectDamage(
  answer: Parameters<typeof answering>[1],
  what: RegExp,
  call = CALLS[0]?.[1],
): Promise<void> {
  await using client = answering(description, answer);
  const error = await rejection((call as (client: Client, pid: number) => Promise<unknown>)(client, other.pid));
  expect(error).toBeInstanceOf(WorkerError);
  expect(error).toMatchObject({
    code: 'ERR_DAMAGED_REPLY',
    message: expect.stringMatching(/the answer of web-1 is damaged/),
  });
  expect(error.message).toMatch(what);
}

const scan = (client: Client) => client.scan({ fields: ['name'] });

describe('a client of a host that answers', () => {
  test.each(CALLS)('%s in damaged parts, has a value or an error that names the host', async (_, call) => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(3), anywhere, async (each, how, cut) => {
        await using client = answering(description, async function* (message) {
          const bytes = joined(await partsOf(responder, message, 2 ** 20));
          if (how === 0) yield bytes.slice(0, cut % bytes.length);
          else {
            const body = bytes.subarray(how === 1 ? 0 : 16);
            for (const { at, value } of each) changed(body, at, value);
            yield bytes;
          }
        });
        await settles(call(client, other.pid));
      }),
      propertyRuns(60),
    );
  });

  test('a table in damaged parts, is rejected or throws nowhere', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 5 }),
        changes,
        async (fields, each) => {
          await using client = answering(description, async (message) => {
            const bytes = joined(await partsOf(responder, message, 2 ** 20));
            for (const { at, value } of each) changed(bytes.subarray(24), at, value);
            return [bytes];
          });
          let table: ProcessTable;
          try {
            table = await client.scan<readonly Field[]>({ fields, pids: [1, 2, other.pid] });
          } catch (error) {
            expect((error as Error).message).toContain('web-1');
            return;
          }
          made++;
          everythingOf(table);
          inspect(table);
        },
      ),
      propertyRuns(400),
    );
    expect(made).toBeGreaterThan(20);
  });

  test('nothing', () => expectDamage(() => [], /ends before its last part/));
  test('something else', () => expectDamage(() => ['text' as never], /no Uint8Array/));
  test('with parts in another order', () =>
    expectDamage(
      async function* (message) {
        const parts = await partsOf(responder, message, 4096);
        expect(parts.length).toBeGreaterThan(2);
        yield* [parts[1], parts[0], ...parts.slice(2)] as Uint8Array[];
      },
      /part 1 comes in the place of 0/,
      (client) => client.scan({ fields: ['memoryMaps'] }),
    ));
  test('with tiny parts for ever', () =>
    expectDamage(function* () {
      for (let i = 0; ; i++) yield part(0, i, new Uint8Array(8));
    }, /is not the last/));
  test('with parts for ever', () =>
    expectDamage(function* () {
      const bytes = new Uint8Array(2 ** 20);
      for (let i = 0; ; i++) yield part(0, i, bytes);
    }, /more than 67108864 bytes/));
  test('with a record that is longer than all', () =>
    expectDamage(() => [part(1, 0, record(1, new Uint8Array(8), 2 ** 31))], /cut off/));
  test('with empty records without number', () =>
    expectDamage(() => [part(1, 0, new Uint8Array(2 ** 20))], /more than 65536 records/));
  test('with a number where rows were asked for', () =>
    expectDamage(
      () => [part(1, 0, record(2, new Uint8Array(8)))],
      /something else/,
      (client) => client.name(1),
    ));
  test('about other processes', () =>
    expectDamage(
      () => partsOf(responder, Buffer.concat([header(0), nameOf(process.pid)])),
      /other processes/,
      (client) => client.name(other.pid),
    ));
  test('with a process twice', () =>
    expectDamage(
      async function* (message) {
        const [only] = (await partsOf(responder, message, 2 ** 20)) as [Uint8Array];
        const records = only.subarray(16);
        const length = 8 + Math.ceil(new DataView(records.buffer, records.byteOffset).getUint32(0, true) / 8) * 8;
        yield part(1, 0, joined([records.subarray(0, length), records]));
      },
      /twice/,
      scan,
    ));
  test('with a listing that does not go on', () =>
    expectDamage(
      () => {
        const list = Buffer.alloc(12);
        list.writeDoubleLE(0);
        list.writeInt32LE(1, 8);
        return [part(1, 0, record(3, list))];
      },
      /does not go on/,
      (client) => client.pids(),
    ));
  test('with a name of no policy', () =>
    expectDamage(
      () => [part(1, 0, record(4, Buffer.from(BigUint64Array.of(99n, 0n).buffer)))],
      /not those of the action/,
      (client) => client.setScheduler(other.pid, { policy: 'batch' }),
    ));

  test('never, is left by the signal of the call', async () => {
    await using client = answering(description, () => new Promise(() => {}));
    const error = await rejection(client.cmdline(1, { signal: AbortSignal.timeout(50) }));
    expect(error.name).toBe('TimeoutError');
  });

  test('with an error of its own making, has that as text', async () => {
    const sent = { name: 'x', code: 'ERR_X', message: 'no', stack: 'at secret' };
    await using client = answering(description, () => [part(1, 0, record(6, Buffer.from(JSON.stringify(sent))))]);
    const error = await rejection(client.umask(1));
    expect(error).toMatchObject({ code: 'ERR_X', message: 'web-1: no' });
    expect(error.cause).toBeUndefined();
    for (const bad of [
      '{',
      '7',
      'null',
      '{"failure":{"kind":9}}',
      '{"name":"x","code":"E\u001b","message":"m"}',
      '{"name":"x","code":"E","message":"\u001b[2J"}',
    ]) {
      await using another = answering(description, () => [part(1, 0, record(6, Buffer.from(bad)))]);
      expect(await rejection(another.umask(1))).toMatchObject({ code: 'ERR_DAMAGED_REPLY' });
    }
  });

  test('with a failure that is named as a method of all objects, has no more than that name in its message', async () => {
    for (const failure of [
      { kind: 5, errno: 1, code: 'constructor', syscall: 'open' },
      { kind: 5, errno: 1, code: 'EIO', syscall: '__proto__' },
      { kind: 3, errno: 1, code: 'EACCES', syscall: 'toString' },
    ]) {
      await using client = answering(description, () => [
        part(1, 0, record(6, Buffer.from(JSON.stringify({ failure })))),
      ]);
      const { message } = await rejection(client.umask(1));
      expect(message).toMatch(/^\w+: [\w /]+, \w+ \(umask of PID 1 in \/proc on web-1\)(; run as its user.*)?$/);
    }
  });

  test('with counts of sources that it has not, which a client would keep for ever', () =>
    expectDamage(
      async (message) => {
        const bytes = joined(await partsOf(responder, message, 2 ** 20));
        const frame = new DataView(bytes.buffer, 24);
        const columns = frame.getInt32(5 * 4, true);
        expect(frame.getInt32(6 * 4, true)).toBeGreaterThan(0);
        frame.setInt32(64 + columns * 24, 123_456_789, true);
        return [bytes];
      },
      /no source/,
      (client) => client.name(other.pid),
    ));

  test('with parts of another version, gets an error that says so', async () => {
    for (const at of [2, 8]) {
      await using client = answering(description, async function* (message) {
        const [only] = (await partsOf(responder, message)) as [Uint8Array];
        (only[at] as number) ^= 1;
        yield only;
      });
      const error = await rejection(client.umask(1));
      expect(error).toMatchObject({ code: 'ERR_REMOTE_VERSION' });
      expect(error.message).toMatch(/web-1 had psutil-extra \S+ when .* this program has psutil-extra/);
    }
  });
});

test('decodeScan() takes no other fields than those of the request, if it is given', async () => {
  const request = encodeScan({ fields: ['name', 'memory'] });
  const others = await partsOf(responder, encodeScan({ fields: ['pgid'] }));
  expect(() => decodeScan(others, description, { name: 'web-1', request })).toThrow(/web-1 is damaged.*other fields/);
  expect(decodeScan(others, description).fields).toEqual(['pgid']);
  expect(decodeScan(await partsOf(responder, request), description, { request }).fields).toEqual(['name', 'memory']);
  expect(() => decodeScan(others, description, { request: new Uint8Array(4) })).toThrow(/options\.request.*encodeScan/);
  expect(() => decodeScan(others, description, { request: 'name' as never })).toThrow(TypeError);
});

test('an error of a host arrives, whatever it calls itself', () => {
  const wire = { name: 'My Error [x]', message: 'no\nluck', code: 'ERR /x', stack: '' };
  expect(decodeError(encodeError(wire))).toEqual({ ...wire, name: 'My_Error__x_', code: 'ERR__x', message: 'no luck' });
  const failure = { kind: 5, errno: 5, code: 'EIO', syscall: 'sysctl kern.proc', about: 'a\u202eb' } as const;
  expect(decodeError(encodeError({ failure }))).toEqual({
    failure: { ...failure, syscall: 'sysctl_kern.proc', about: 'a b' },
  });
});

test('decodeScan() makes the table of encodeScan(), and refuses what is not one whole answer', async () => {
  const message = encodeScan({ fields: ['name', 'rlimits', 'memoryMaps'] });
  const parts = await partsOf(responder, message, 4096);
  expect(parts.length).toBeGreaterThan(1);
  const table = decodeScan<'name' | 'rlimits' | 'memoryMaps'>(parts, description, { name: 'web-1' });
  expect(table.get(other.pid)).toMatchObject({
    pid: other.pid,
    name: 'sleep',
    rlimits: await local.rlimits(other.pid),
  });
  for (const wrong of [[], parts.slice(0, -1), parts.slice(1), [...parts, ...parts]]) {
    expect(() => decodeScan(wrong, description, { name: 'web-1' })).toThrow(/the answer of web-1 is damaged/);
  }
  const refused = await partsOf(createResponder(local), encodeScan({ fields: ['cmdline'] }));
  expect(() => decodeScan(refused, description, { name: 'web-1' })).toThrow(/web-1.*allow: \['cmdline'\]/);
  expect(() => encodeScan({ fields: ['nam'] as never })).toThrow(/name/);
});
