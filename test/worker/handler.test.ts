import { run } from '@psutil-extra/native';
import { ANY_START, FailureKind, FIELD_INDEX, Frame, ReadFlag, rlimitAction } from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import { RequestHandler } from '../../packages/worker/dist/request-handler.js';
import { UNUSED_PID } from '../processes/sleeper.js';
import { CountingReader } from './counting-reader.js';

const GROUPS = 1 << FIELD_INDEX.groups;
/** The word of a frame that is `Frame.next`. */
const NEXT = 3;
const ACT = { pid: UNUSED_PID, start: ANY_START, action: rlimitAction(4, 0n, 0n) };

describe('a handler', () => {
  const handler = new RequestHandler(() => new CountingReader());

  test('answers a read with a frame', () => {
    const reply = handler.handle({ op: 'read', pids: Int32Array.of(1, process.pid), fields: GROUPS, flags: 0 });
    if (!reply.ok) throw new Error('expected a frame');
    expect([...new Frame(reply.value as ArrayBuffer).pids]).toEqual([1, process.pid]);
  });

  test('answers a listing with PIDs and where to go on', () => {
    const reply = handler.handle({ op: 'list', cursor: 0, max: 1e6 });
    expect(reply).toMatchObject({ ok: true, value: { cursor: -1 } });
  });

  test('answers a failure of the system with what failed', () => {
    expect(handler.handle({ op: 'act', ...ACT })).toMatchObject({
      ok: false,
      error: { failure: { kind: FailureKind.gone, code: 'ESRCH' } },
    });
  });

  test('answers what was thrown with its name, message, code and stack', () => {
    const reply = handler.handle({ op: 'read', pids: 'x' as never, fields: 0, flags: 0 });
    expect(reply).toMatchObject({ ok: false, error: { name: 'TypeError', code: expect.any(String) } });
    expect(() => structuredClone(reply)).not.toThrow();
  });
});

test('a long scan of the list of PIDs lets other requests in between its parts, also if none is urgent', async () => {
  const reader = new CountingReader();
  // As if there were ten thousand: each part is as long as one may be, and then comes the last.
  let parts = 0;
  const asked: number[] = [];
  reader.run = (_op, ...positional) => {
    const [fields, flags, , , from = 0, max = 0] = positional as number[];
    asked.push(from, max);
    const pids = new Int32Array(++parts < 3 ? max : 7).fill(process.pid);
    const answer = run(new CountingReader(), { op: 'pids', pids, fields: fields as number, flags: flags as number });
    if (parts < 3) new Int32Array(answer as ArrayBuffer)[NEXT] = 100 * parts;
    return answer;
  };
  const handler = new RequestHandler(() => reader);
  let between = 0;
  const scan = handler.scan({
    op: 'scan',
    cursor: { number: 1, from: 0, max: 1e6 },
    fields: GROUPS,
    flags: ReadFlag.listed | ReadFlag.dropGone,
  });
  const other = setInterval(() => between++, 0);
  const reply = await scan;
  clearInterval(other);
  if (!reply.ok) throw new Error('expected frames');
  expect(reply.value.map((buffer) => new Frame(buffer).rows)).toEqual([2048, 2048, 7]);
  expect(asked).toEqual([0, 2048, 100, 2048, 200, 2048]);
  expect(between).toBeGreaterThan(0);
});

describe('requests that scans make way for', () => {
  test.each(['read', 'act'] as const)("are acknowledged when they are received: a scope's %s", (method) => {
    const urgentPending = Int32Array.of(2);
    const handler = new RequestHandler(() => new CountingReader(), urgentPending);
    handler[method]({ scope: 1, fields: GROUPS, closed: [], ...ACT });
    expect(urgentPending[0]).toBe(1);
  });
});

describe('a handler whose addon cannot be loaded', () => {
  const broken = new RequestHandler(() => {
    throw Object.assign(new Error('no addon for this platform'), { code: 'ERR_ADDON_NOT_LOADED' });
  });
  const error = { name: 'Error', message: 'no addon for this platform', code: 'ERR_ADDON_NOT_LOADED' };

  test('answers every request with that, and does not throw', () => {
    const replies = [
      broken.handle({ op: 'read', pids: 1, fields: GROUPS, flags: 0 }),
      broken.handle({ op: 'list', cursor: 0, max: 1 }),
      broken.handle({ op: 'act', ...ACT }),
      broken.read({ scope: 1, pid: 1, start: ANY_START, fields: GROUPS, closed: [] }),
      broken.act({ scope: 1, closed: [], ...ACT }),
    ];
    for (const reply of replies) expect(reply).toMatchObject({ ok: false, error });
  });
});
