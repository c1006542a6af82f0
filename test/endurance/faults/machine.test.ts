import { expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../../processes/abilities.js';
import { answerOf, runNode } from '../../processes/node.js';

/** The parts of a program in trouble: calls whose outcomes are collected, the way into the trouble and out of it. */
const PROGRAM = `import { readFileSync } from 'node:fs';
  import { createClient } from 'psutil-extra';
  const outcomeOf = (promise) => promise.then(() => 'answered', ({ name, code, message }) => ({ name, code, message }));
  const calls = (client, pid = process.pid) => Promise.all([
    client.umask(pid), client.startTime(pid), client.pids(), client.scan(), client.process(pid), client.snapshot(pid),
    client.oneshot(pid, async (scope) => { await scope.umask(); await scope.rlimits(); }),
  ].map(outcomeOf));
  const memory = () => Number(/VmSize:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) * 1024;
  const well = createClient({ threads: 1 });
  await well.umask(process.pid);
  const limited = async (resource, soft, work) => {
    const { hard } = await well.getrlimit(process.pid, resource);
    const before = await well.rlimit(process.pid, resource, { soft: soft(), hard });
    try { return await work(); } finally { await well.rlimit(process.pid, resource, before); }
  };`;

const ALL_ANSWERED = Array(7).fill('answered');
const NO_THREAD = {
  name: 'WorkerError',
  code: 'ERR_WORKER_DIED',
  message: expect.stringMatching(/no thread could be started|Terminating/),
};

interface Trouble {
  readonly during: unknown[];
  readonly beside: unknown[];
  readonly after: unknown[];
  readonly milliseconds: number;
}

const SCARCITIES: [string, string, boolean][] = [
  ['no thread can be started (RLIMIT_NPROC)', "limited('RLIMIT_NPROC', () => 1, ", true],
  ['no memory can be mapped (RLIMIT_AS)', "limited('RLIMIT_AS', () => memory() + 1e6, ", false],
];

test.for(SCARCITIES)('where %s, calls reject with that, and later calls are answered', async (row, { skip }) => {
  const [, scarcely, asNobody] = row;
  if (asNobody) skip(...lacking.otherUser);
  const { during, beside, after, milliseconds } = await answerOf<Trouble>(
    `${PROGRAM}
     // Loads what is loaded at its first use: V8 ends a program that has no memory for code.
     await well.oneshot(process.pid, (scope) => scope.umask());
     const client = createClient({ threads: 2 });
     const [during, beside, milliseconds] = await ${scarcely} async () => {
       const ends = await calls(client);
       const busy = process.cpuUsage();
       await new Promise((resolve) => setTimeout(resolve, 1000));
       const { user, system } = process.cpuUsage(busy);
       return [ends, [await outcomeOf(well.umask(process.pid))], (user + system) / 1000];
     });
     console.log(JSON.stringify({ during, beside, milliseconds, after: await calls(client) }));
     await Promise.all([client.close(), well.close()]);`,
    asNobody ? { wrapper: AS_NOBODY } : {},
  );
  for (const end of during) expect(end).toMatchObject(NO_THREAD);
  expect(beside).toEqual(['answered']);
  expect(after).toEqual(ALL_ANSWERED);
  // It does not retry while there are no calls.
  expect(milliseconds).toBeLessThan(500);
});

test('a program that is out of memory in every way ends, and does not hang', async () => {
  // With a little more memory than a thread needs, V8 itself aborts.
  const ended = await runNode(`${PROGRAM}
    await limited('RLIMIT_AS', () => memory() + 3e7, () => calls(createClient({ threads: 2 })));
    process.exit(0);`);
  expect(
    ended.code === 0 ||
      ended.signal !== null ||
      /OOM|out of memory|allocation failed|ERR_WORKER_DIED/i.test(ended.stderr),
  ).toBe(true);
});

/** Runs a program with another /proc than its parents'. */
function mounted(how: string): readonly string[] {
  return ['unshare', '--mount', 'sh', '-c', `${how} && exec "$@"`, 'sh'];
}

const PROC = '["NotSupportedError","ENOTSUP"]';

test('where /proc is not mounted every call says so, and is answered once it is', async ({ skip }) => {
  skip(...lacking.namespaces);
  const { during, after } = await answerOf<{ during: { name: string; code: string }[]; after: unknown[] }>(
    `import { execFileSync } from 'node:child_process';
     ${PROGRAM.replace(/const well[^;]*;\s*await well[^;]*;/, '')}
     const client = createClient({ threads: 1 });
     const during = await calls(client);
     execFileSync('umount', ['/proc']);
     console.log(JSON.stringify({ during, after: await calls(client) }));
     await client.close();`,
    { wrapper: mounted('mount -t tmpfs none /proc') },
  );
  for (const { name, code } of during) expect(JSON.stringify([name, code])).toBe(PROC);
  expect(after).toEqual(ALL_ANSWERED);
});

test('where /proc is unmounted under a client its calls say so, and go on once it is mounted', async ({ skip }) => {
  skip(...lacking.namespaces);
  const [before, during, after] = await answerOf<[unknown[], unknown[], unknown[]]>(
    `import { execFileSync } from 'node:child_process';
     ${PROGRAM.replace(/const well[^;]*;\s*await well[^;]*;/, '')}
     const client = createClient({ threads: 1 });
     const before = await calls(client);
     execFileSync('mount', ['-t', 'tmpfs', 'none', '/proc']);
     const during = await calls(client);
     execFileSync('umount', ['/proc']);
     console.log(JSON.stringify([before, during, await calls(client)]));
     await client.close();`,
    { wrapper: mounted('true') },
  );
  expect(before).toEqual(ALL_ANSWERED);
  // Its descriptor of the old one still reads that; opening it again fails. Neither is a wrong answer.
  for (const end of during)
    if (end !== 'answered') expect(end).toMatchObject({ name: expect.stringMatching(/Error$/) });
  expect(after).toEqual(ALL_ANSWERED);
});

test.for([1, 2, 4])(
  'with hidepid=%i another user’s process is denied, and one’s own is read',
  async (hidepid, { skip }) => {
    skip(...lacking.otherUser);
    const { own, other, listed, row } = await answerOf<{
      own: unknown[];
      other: unknown[];
      listed: boolean;
      row: unknown;
    }>(
      `${PROGRAM}
     const table = await well.scan({ pids: [1, process.pid], fields: ['umask'] });
     console.log(JSON.stringify({
       own: await calls(well),
       other: await Promise.all([well.umask(1), well.groups(1), well.startTime(1), well.getrlimit(1, 'RLIMIT_CPU')].map(outcomeOf)),
       listed: (await well.pids()).includes(process.pid),
       row: [table.get(process.pid).umask, table.get(1).umask, table.error(1, 'umask').name],
     }));
     await well.close();`,
      { wrapper: [...mounted(`mount -t proc -o hidepid=${hidepid} proc /proc`), ...AS_NOBODY] },
    );
    expect(own).toEqual(ALL_ANSWERED);
    for (const end of other)
      expect(end).toMatchObject({ name: 'AccessDeniedError', message: expect.stringContaining('hidepid') });
    expect(listed).toBe(true);
    expect(row).toEqual([expect.any(Number), null, 'AccessDeniedError']);
  },
);
