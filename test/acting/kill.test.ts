import { constants } from 'node:os';
import { AccessDeniedError, createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { Denying } from '../processes/denying.js';
import { answerOf } from '../processes/node.js';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { Mortal, sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

/** A Python that counts a signal. */
async function counting(python: Python, signal: string): Promise<() => Promise<number>> {
  await python.run('globals().update(got=[])');
  await python.run(`signal.signal(${signal}, lambda number, frame: got.append(number)) and None`);
  return () => python.run<number>('len(got)');
}

describe('kill()', () => {
  test('ends a process by SIGTERM if no signal is named, and resolves with true', async () => {
    using process = await sleeper();
    expect(await client.kill(process.pid)).toBe(true);
    await until('it has ended', () => !process.running);
    expect(process.child.signalCode).toBe('SIGTERM');
  });

  test('sends a signal by its name, its number, and a real-time signal by its distance', async () => {
    using python = await Python.start();
    const held = await client.process(python.pid);
    const cases: [string | number, string][] = [
      ['SIGUSR1', 'signal.SIGUSR1'],
      [constants.signals.SIGUSR2, 'signal.SIGUSR2'],
      ['SIGRTMIN+3', 'signal.SIGRTMIN + 3'],
      ['SIGRTMAX', 'signal.SIGRTMAX'],
    ];
    for (const [signal, number] of cases) {
      const count = await counting(python, number);
      expect(await held.kill(signal as 'SIGUSR1')).toBe(true);
      await until(`${signal} has arrived`, async () => (await count()) === 1);
    }
  });

  test('asks with 0, and sends nothing', async () => {
    using process = await sleeper();
    expect(await client.kill(process.pid, 0)).toBe(true);
    expect(stateOf(process.pid)).toBe('S');
    expect(await rejection(client.kill(UNUSED_PID, 0))).toBeInstanceOf(NoSuchProcessError);
  });

  test('works in a scope, and the state that the scope knew is read again', async () => {
    using process = await sleeper();
    await client.oneshot(process.pid, async (scope) => {
      expect(await scope.state()).toBe('sleeping');
      await scope.kill('SIGSTOP');
      await until('it is stopped', () => stateOf(process.pid) === 'T');
      expect(await scope.state()).toBe('stopped');
    });
  });

  test('is accepted by a zombie', async () => {
    using python = await Python.start();
    const pid = await python.run<number>('zombie()');
    await until('it is a zombie', () => stateOf(pid) === 'Z');
    expect(await client.kill(pid, 'SIGKILL')).toBe(true);
    expect(await (await client.process(pid)).kill(0)).toBe(true);
  });

  test('refuses PIDs of 0 and less without a message, whatever the signal', async () => {
    for (const pid of [0, -1, -process.pid]) {
      const { messages } = client.stats();
      const error = await rejection(client.kill(pid, 0));
      expect(error).toBeInstanceOf(NoSuchProcessError);
      expect(error).toMatchObject({ code: 'ESRCH', errno: -3, syscall: 'kill', pid });
      expect(client.stats().messages).toBe(messages);
    }
  });

  test.each([0.5, Number.NaN, 2 ** 31, '1', null, undefined])('refuses the PID %s', async (pid) => {
    const error = await rejection(client.kill(pid as number, 0));
    expect(['ERR_OUT_OF_RANGE', 'ERR_INVALID_ARG_TYPE']).toContain(error.code);
    expect(error.message).toContain('"proc"');
  });

  test.each([
    ['SIGTREM', "'SIGTERM'"],
    ['term', "'SIGTERM'"],
    ['', ''],
    [65, ''],
    [-1, ''],
    [1.5, ''],
    [Number.NaN, ''],
  ])('refuses the signal %s', async (signal, hint) => {
    const error = await rejection(client.kill(process.pid, signal as number));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(error.message).toContain("'signal'");
    expect(error.message).toContain(hint);
  });

  test.each([null, {}, true])('refuses the signal %s by its type', async (signal) => {
    expect(await rejection(client.kill(process.pid, signal as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });

  test('of a thread that is no process is NoSuchProcessError', async () => {
    using python = await Python.start();
    await python.run('threading.Thread(target=time.sleep, args=(60,), daemon=True).start()');
    const tids = await python.run<number[]>('[int(t) for t in os.listdir("/proc/self/task")]');
    const tid = tids.find((each) => each !== python.pid) as number;
    expect(await rejection(client.kill(tid, 0))).toBeInstanceOf(NoSuchProcessError);
  });

  test('through a Process that is gone is NoSuchProcessError', async () => {
    using process = await Mortal.start();
    const held = await client.process(process.pid);
    await process.end();
    expect(await rejection(held.kill(0))).toBeInstanceOf(NoSuchProcessError);
  });

  test('never reaches another process that has the PID since the same clock tick', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    skip(...lacking.pidfs);
    using reused = new Compiled('reused.c');
    for (let i = 0; i < 100; i++) {
      const [pid] = (await reused.line('first')).split(' ').map(Number);
      const held = await client.process(pid as number);
      await reused.line('swap');
      expect(await rejection(held.kill('SIGKILL'))).toBeInstanceOf(NoSuchProcessError);
      expect(await reused.line('limit')).toBe('2000');
    }
  });

  test("of another user's process is AccessDeniedError that names the capability", async ({ skip }) => {
    skip(...lacking.otherUser);
    using process = await sleeper();
    const error = await answerOf<{ name: string; code: string; message: string }>(
      `import { createClient } from 'psutil-extra';
       const client = createClient();
       const { name, code, message } = await client.kill(${process.pid}).catch((error) => error);
       console.log(JSON.stringify({ name, code, message }));`,
      { wrapper: AS_NOBODY },
    );
    expect(error).toMatchObject({ name: AccessDeniedError.name, code: 'EPERM' });
    expect(error.message).toContain('CAP_KILL');
    expect(process.running).toBe(true);
  });

  test('is not supported through another procRoot, and supports() says so', async () => {
    await using other = createClient({ procRoot: '/proc/self/root/proc' });
    expect(other.supports('kill')).toBe(false);
    expect(client.supports('kill')).toBe(true);
    expect(await rejection(other.kill(process.pid, 0))).toBeInstanceOf(NotSupportedError);
  });

  test('that is aborted before rejects with the reason and sends nothing', async () => {
    using process = await sleeper();
    const reason = new Error('no');
    expect(await rejection(client.kill(process.pid, 'SIGKILL', { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(stateOf(process.pid)).toBe('S');
  });
});

describe.each([
  ['pidfd_open', constants.errno.EPERM],
  ['pidfd_open', constants.errno.ENOSYS],
  ['pidfd_send_signal', constants.errno.EPERM],
  ['pidfd_send_signal', constants.errno.ENOSYS],
] as const)('where %s fails with errno %i', (call, errno) => {
  test('kill() works by the number, and only for the process that is meant', async ({ skip }) => {
    skip(...lacking.preload);
    using denying = new Denying();
    using process = await sleeper();
    using other = await sleeper();
    const answers = await answerOf<unknown[]>(
      `import { readdirSync } from 'node:fs';
       import { createClient } from 'psutil-extra';
       const client = createClient();
       const held = await client.process(${process.pid});
       const thread = Number(readdirSync('/proc/self/task').find((tid) => tid !== String(process.pid)));
       const kills = [held.kill(0), client.kill(thread, 0), client.kill(${UNUSED_PID}, 0), held.kill()];
       console.log(JSON.stringify(await Promise.all(kills.map((kill) => kill.catch(({ code }) => code)))));`,
      { wrapper: denying.wrapper(call, errno) },
    );
    expect(answers).toEqual([true, 'ESRCH', 'ESRCH', true]);
    await until('it has ended', () => !process.running);
    expect(process.child.signalCode).toBe('SIGTERM');
    expect(other.running).toBe(true);
  });
});
