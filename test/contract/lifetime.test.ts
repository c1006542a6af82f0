import { expect, test } from 'vitest';
import { runNode } from '../processes/node.js';

/** Programs that never call close(). Each is in a Node of its own and must end by itself. */
const FORGOTTEN: [what: string, program: string][] = [
  ['made a client', ''],
  ['made one call', 'await client.umask(process.pid);'],
  [
    'used every way of reading',
    `
    await client.snapshot(process.pid);
    await client.oneshot(process.pid, (scope) => scope.umask());
    await client.scan();
    await client.pids();
    await (await client.process(process.pid)).umask();`,
  ],
  ['left a scope open', 'const scope = await client.oneshot(process.pid); await scope.umask();'],
  ['left a scan in the middle', 'await client.scanBatches({ batchSize: 1 }).next();'],
  ['set a limit', "await client.rlimit(process.pid, 'RLIMIT_CORE', { soft: 0, hard: 0 });"],
  ['got an error', 'await client.umask(0).catch(() => {});'],
  ['aborted a call', 'await client.umask(1, { signal: AbortSignal.abort() }).catch(() => {});'],
];

const CLIENT = `import { createClient } from 'psutil-extra';
  const client = createClient({ threads: 2 });`;

test.each(FORGOTTEN)('a program that %s and forgot close() ends by itself', async (_, program) => {
  expect(await runNode(`${CLIENT} ${program}`)).toMatchObject({ code: 0, signal: null, stderr: '' });
});

const PENDING: [what: string, call: string][] = [
  ['read', 'client.umask(process.pid)'],
  ['scan', 'client.scan()'],
  ['listing', 'client.pids()'],
  ['read in a scope', 'client.oneshot(process.pid, (scope) => scope.umask())'],
  ['second read in a scope', 'client.oneshot(process.pid, async (s) => { await s.umask(); await s.rlimits(); })'],
  ['set', "client.rlimit(process.pid, 'RLIMIT_CORE', { soft: 0, hard: 0 })"],
];

test.each(PENDING)('a program gets the answer of a pending %s, and then ends', async (_, call) => {
  const ended = await runNode(`${CLIENT} ${call}.then(() => console.log('answered'));`);
  expect(ended).toMatchObject({ code: 0, stdout: 'answered\n', stderr: '' });
});

test('a program gets the answer of a call that follows on an idle time', async () => {
  const ended = await runNode(`${CLIENT}
    await client.umask(process.pid);
    await client.oneshot(process.pid, (scope) => scope.umask());
    setTimeout(() => client.umask(process.pid).then(() => console.log('answered')), 50);`);
  expect(ended).toMatchObject({ code: 0, stdout: 'answered\n' });
});

test('an unhandled error ends the program as any other does', async () => {
  const ended = await runNode(`${CLIENT} client.umask(0);`);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('NoSuchProcessError');
  expect(ended.stderr).toContain("code: 'ESRCH'");
});

test('process.exit() ends a program with calls pending', async () => {
  const ended = await runNode(`${CLIENT} client.scan(); setImmediate(() => process.exit(7));`);
  expect(ended).toMatchObject({ code: 7, signal: null });
});
