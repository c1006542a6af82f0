import { createClient } from 'psutil-extra';
import { afterAll, expect, test } from 'vitest';
import { ps, signalLine } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

test('blocked and ignored are the signals that env(1) blocks and ignores', async () => {
  using process = await sleeper(['env', '--default-signal', '--block-signal=USR1,TERM', '--ignore-signal=HUP,INT']);
  const { blocked, ignored } = await client.sigmasks(process.pid);
  expect(blocked?.names()).toEqual(['SIGUSR1', 'SIGTERM']);
  expect(ignored?.names()).toEqual(['SIGHUP', 'SIGINT']);
});

test('caught are the signals that have a handler', async () => {
  using python = await Python.start();
  const before = (await client.sigmasks(python.pid)).caught;
  await python.run('signal.signal(signal.SIGUSR2, print)');
  await python.run('signal.signal(signal.SIGRTMIN + 5, print)');
  const { caught } = await client.sigmasks(python.pid);
  expect(caught?.names().filter((name) => !before?.has(name))).toEqual(['SIGUSR2', 'SIGRTMIN+5']);
});

test('processPending are blocked signals that the process was sent', async () => {
  using python = await Python.start();
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGRTMIN + 3})');
  process.kill(python.pid, 'SIGUSR1');
  await python.run('os.kill(os.getpid(), signal.SIGRTMIN + 3)');
  const { pending, processPending } = await client.sigmasks(python.pid);
  expect(processPending?.names()).toEqual(['SIGUSR1', 'SIGRTMIN+3']);
  expect(pending?.names()).toEqual([]);
});

test('pending are those that its main thread alone was sent', async () => {
  using python = await Python.start();
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})');
  await python.run('signal.pthread_kill(threading.get_ident(), signal.SIGUSR2)');
  const { pending, processPending } = await client.sigmasks(python.pid);
  expect(pending?.names()).toEqual(['SIGUSR2']);
  expect(processPending?.names()).toEqual([]);
});

test('every set is the mask that ps prints', async () => {
  using python = await Python.start();
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, range(40, 60))');
  await python.run('os.kill(os.getpid(), 45)');
  const masks = await client.sigmasks(python.pid);
  const [pending, blocked, ignored, caught] = ps(python.pid, 'pending', 'blocked', 'ignored', 'caught');
  expect(hex(masks.processPending)).toBe(pending);
  expect(hex(masks.blocked)).toBe(blocked);
  expect(hex(masks.ignored)).toBe(ignored);
  expect(hex(masks.caught)).toBe(caught);
});

test('every set is the line of procfs, signal 64 included', async () => {
  using python = await Python.start();
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {1, 64})');
  const masks = await client.sigmasks(python.pid);
  expect(masks.pending?.mask).toBe(signalLine(python.pid, 'SigPnd'));
  expect(masks.processPending?.mask).toBe(signalLine(python.pid, 'ShdPnd'));
  expect(masks.blocked?.mask).toBe(signalLine(python.pid, 'SigBlk'));
  expect(masks.ignored?.mask).toBe(signalLine(python.pid, 'SigIgn'));
  expect(masks.caught?.mask).toBe(signalLine(python.pid, 'SigCgt'));
  expect(masks.blocked?.has(64)).toBe(true);
});

test('a mask that changes is read again', async () => {
  using python = await Python.start();
  const blocked = async () => (await client.sigmasks(python.pid)).blocked?.has('SIGWINCH');
  const before = await blocked();
  await python.run('signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGWINCH})');
  const between = await blocked();
  await python.run('signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGWINCH})');
  expect([before, between, await blocked()]).toEqual([false, true, false]);
});

test('on Linux there are all five sets', async () => {
  const masks = await client.sigmasks(process.pid);
  expect(Object.keys(masks).sort()).toEqual(['blocked', 'caught', 'ignored', 'pending', 'processPending']);
});

/** A mask as ps prints it. */
function hex(set: { mask: bigint } | undefined): string | undefined {
  return set?.mask.toString(16).padStart(16, '0');
}
