import { createClient } from 'psutil-extra';
import { describe, expect, test } from 'vitest';

type Bad = [what: string, options: unknown, type: typeof TypeError, code: string, parts: string[]];

const BAD: Bad[] = [
  ['options that are a number', 3, TypeError, 'ERR_INVALID_ARG_TYPE', ['"options"', '3']],
  ['null options', null, TypeError, 'ERR_INVALID_ARG_TYPE', ['"options"', 'null']],
  ['no thread', { threads: 0 }, RangeError, 'ERR_OUT_OF_RANGE', ['"options.threads"', '0']],
  ['half a thread', { threads: 1.5 }, RangeError, 'ERR_OUT_OF_RANGE', ['"options.threads"', '1.5']],
  ['NaN threads', { threads: Number.NaN }, RangeError, 'ERR_OUT_OF_RANGE', ['"options.threads"', 'NaN']],
  ['threads as text', { threads: '2' }, TypeError, 'ERR_INVALID_ARG_TYPE', ['"options.threads"', "'2'"]],
  ['a root that is a number', { procRoot: 7 }, TypeError, 'ERR_INVALID_ARG_TYPE', ['"options.procRoot"', '7']],
  ['a root that is empty', { procRoot: '' }, TypeError, 'ERR_INVALID_ARG_VALUE', ['options.procRoot', "''"]],
  ['a root with a null byte', { procRoot: '/a\0b' }, TypeError, 'ERR_INVALID_ARG_VALUE', ['options.procRoot']],
  ['a queue of nothing', { maxQueue: 0 }, RangeError, 'ERR_OUT_OF_RANGE', ['"options.maxQueue"', '0']],
  ['no time to stall', { stallTimeout: 0 }, RangeError, 'ERR_OUT_OF_RANGE', ['"options.stallTimeout"', '0']],
  ['a time as text', { stallTimeout: '9' }, TypeError, 'ERR_INVALID_ARG_TYPE', ['"options.stallTimeout"', "'9'"]],
  ['a queue as text', { maxQueue: '9' }, TypeError, 'ERR_INVALID_ARG_TYPE', ['"options.maxQueue"', "'9'"]],
  ['a negative queue', { maxQueue: -1 }, RangeError, 'ERR_OUT_OF_RANGE', ['"options.maxQueue"', '-1']],
  ['an unknown source', { source: 'ps' }, TypeError, 'ERR_INVALID_ARG_VALUE', ['options.source', "'ps'"]],
];

describe.each(BAD)('createClient with %s', (_, options, type, code, parts) => {
  test(`throws ${code}, and names the option and the value`, () => {
    let error: unknown;
    try {
      createClient(options as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code });
    for (const part of parts) expect((error as Error).message).toContain(part);
  });
});

test('createClient needs no options', async () => {
  await using client = createClient();
  expect(await client.pgid(process.pid)).toBeGreaterThanOrEqual(0);
});

test('createClient starts no thread; the first call starts one', async () => {
  let started = 0;
  const count = () => {
    started++;
  };
  process.on('worker', count);
  try {
    await using client = createClient({ threads: 2 });
    expect(started).toBe(0);
    await client.umask(process.pid);
    expect(started).toBe(1);
  } finally {
    process.off('worker', count);
  }
});

test('a client can be created and closed without starting a thread', async () => {
  const client = createClient();
  await client.close();
  expect(client.stats().messages).toBe(0);
});

test('maxQueue Infinity sets no limit', async () => {
  await using client = createClient({ maxQueue: Number.POSITIVE_INFINITY, threads: 1 });
  expect(await client.umask(process.pid)).toBeGreaterThanOrEqual(0);
});
