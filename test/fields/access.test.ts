import { createClient, FIELDS, NotSupportedError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { statusLine } from '../processes/proc.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';

/** What /proc shows of a process to every user, and what takes the permission to trace it. */
const DENIED = [
  'exe',
  'exeDeleted',
  'cwd',
  'environ',
  'memoryFootprint',
  'io',
  'fds',
  'connections',
  'memoryMaps',
  'namespaces',
];

interface Ended {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string; readonly pid: number };
}

const PROGRAM = `import { createClient, FIELDS } from 'psutil-extra';
  const pid = Number(process.argv[1]);
  const client = createClient({ threads: 1 });
  const of = ({ name, code, message, pid }) => ({ error: { name, code, message, pid } });
  const calls = await Promise.all(FIELDS.map((field) => client[field](pid).then((value) => ({ value }), of)));
  const table = await client.scan({ fields: FIELDS, pids: [pid] });
  const rows = FIELDS.map((field) => table.error(pid, field) ? of(table.error(pid, field)) : { value: table.get(pid)[field] });
  console.log(JSON.stringify({ calls, rows, fields: FIELDS }));
  await client.close();`;

test('another user’s process shows what /proc shows: the rest is AccessDeniedError with what is missing', async ({
  skip,
}) => {
  skip(...lacking.otherUser);
  using asleep = await sleeper();
  const { calls, rows, fields } = await answerOf<{ calls: Ended[]; rows: Ended[]; fields: string[] }>(PROGRAM, {
    wrapper: AS_NOBODY,
    args: [String(asleep.pid)],
  });
  expect(fields).toEqual([...FIELDS]);
  for (const ends of [calls, rows]) {
    const denied = fields.filter((_, i) => ends[i]?.error !== undefined);
    expect(denied.sort()).toEqual([...DENIED].sort());
    for (const { error } of ends) {
      if (error === undefined) continue;
      expect(error).toMatchObject({ name: 'AccessDeniedError', code: 'EACCES', pid: asleep.pid });
      expect(error.message).toMatch(/CAP_SYS_PTRACE/);
    }
  }
});

describe('in another procRoot', () => {
  const ELSEWHERE = '/proc/self/root/proc';

  test('username is the number, and ioPriority is not supported', async () => {
    using asleep = await sleeper();
    await using client = createClient({ threads: 1, procRoot: ELSEWHERE });
    expect(await client.username(asleep.pid)).toBe(statusLine(asleep.pid, 'Uid')?.split('\t')[1]);
    const error = await rejection(client.ioPriority(asleep.pid));
    expect(error).toBeInstanceOf(NotSupportedError);
    expect(error).toMatchObject({ code: 'ENOTSUP', pid: asleep.pid });
  });

  test('every other field is what it is without', async () => {
    using asleep = await sleeper();
    await using near = createClient({ threads: 1 });
    await using far = createClient({ threads: 1, procRoot: ELSEWHERE });
    const fields = FIELDS.filter(
      (field) => !['username', 'ioPriority', 'memoryFootprint', 'memoryMaps'].includes(field),
    );
    expect(await far.snapshot(asleep.pid, { fields })).toEqual(await near.snapshot(asleep.pid, { fields }));
  });

  test('affinity is that of the status file', async () => {
    using asleep = await sleeper(['taskset', '-c', '0']);
    await using far = createClient({ threads: 1, procRoot: ELSEWHERE });
    expect(statusLine(asleep.pid, 'Cpus_allowed_list')).toBe('0');
    expect(await far.affinity(asleep.pid)).toEqual([0]);
  });
});
