import { createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { answerOf } from '../processes/node.js';
import { rejection } from '../processes/rejection.js';
import { chrt } from '../processes/scheduling.js';
import { Mortal, sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { SETTERS, setValue } from './setters.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

describe.each(SETTERS)('$method', (setter) => {
  const { method, field, values, shown, words } = setter;
  const [first, second] = values;

  test('sets the value, and resolves with the previous one', async () => {
    using process = await sleeper();
    const before = await client[field](process.pid);
    expect(await setValue(client, setter, process.pid, first)).toEqual(before);
    expect(shown(process.pid)).toBe(words[0]);
    expect(await setValue(client, setter, process.pid, second)).toEqual(first);
    expect(shown(process.pid)).toBe(words[1]);
    expect(await client[field](process.pid)).toEqual(second);
  });

  test('sets through a Process and a scope too', async () => {
    using process = await sleeper();
    const held = await client.process(process.pid);
    await held[method](first as never);
    expect(shown(process.pid)).toBe(words[0]);
    await using scope = await client.oneshot(held);
    expect(await scope[method](second as never)).toEqual(first);
    expect(shown(process.pid)).toBe(words[1]);
  });

  test('reaches no other process', async () => {
    using one = await sleeper();
    using other = await sleeper();
    const before = shown(other.pid);
    await setValue(client, setter, one.pid, first);
    expect(shown(other.pid)).toBe(before);
  });

  test('keeps its place: a read before it sees the old value, one after it the new', async () => {
    using process = await sleeper();
    await setValue(client, setter, process.pid, first);
    const [before, replaced, after, again, last] = await Promise.all([
      client[field](process.pid),
      setValue(client, setter, process.pid, second),
      client.snapshot(process.pid, { fields: [field] }),
      setValue(client, setter, process.pid, second),
      client[field](process.pid),
    ]);
    expect([before, replaced, after[field], again, last]).toEqual([first, first, second, second, second]);
  });

  test('in a scope is seen by later reads, and leaves what is cached besides', async () => {
    using process = await sleeper();
    await client.oneshot(process.pid, async (scope) => {
      await scope.umask();
      const before = await scope[field]();
      expect(await scope[field]()).toEqual(before);
      await client[method](process.pid, first as never);
      expect(await scope[field]()).toEqual(first);
      await scope[method](second as never);
      expect(await scope[field]()).toEqual(second);
      const { messages } = client.stats();
      await scope.umask();
      expect(client.stats().messages).toBe(messages);
    });
  });

  test('of a process that is gone is NoSuchProcessError', async () => {
    using process = await Mortal.start();
    const held = await client.process(process.pid);
    await process.end();
    expect(await rejection(held[method](first as never))).toBeInstanceOf(NoSuchProcessError);
    // To the kernel 0 is the caller, and −1 no process.
    for (const pid of [process.pid, UNUSED_PID, 0, -1]) {
      expect(await rejection(setValue(client, setter, pid, first))).toBeInstanceOf(NoSuchProcessError);
    }
  });

  test('with an aborted signal sets nothing', async () => {
    using process = await sleeper();
    const before = shown(process.pid);
    const reason = new Error('enough');
    const call = setValue(client, setter, process.pid, first, { signal: AbortSignal.abort(reason) });
    expect(await rejection(call)).toBe(reason);
    expect(shown(process.pid)).toBe(before);
  });

  test('as another user is AccessDeniedError, and changes nothing', async ({ skip }) => {
    skip(...lacking.otherUser);
    using process = await sleeper();
    const before = shown(process.pid);
    const error = await answerOf<object>(
      `import { AccessDeniedError, createClient } from 'psutil-extra';
       const [pid, value] = process.argv.slice(1).map((each) => JSON.parse(each));
       const error = await createClient().${method}(pid, value).catch((error) => error);
       console.log(JSON.stringify({ code: error.code, pid: error.pid, denied: error instanceof AccessDeniedError }));`,
      { wrapper: AS_NOBODY, args: [String(process.pid), JSON.stringify(first)] },
    );
    expect(error).toEqual({ code: expect.stringMatching(/^E(PERM|ACCES)$/), pid: process.pid, denied: true });
    expect(shown(process.pid)).toBe(before);
  });

  test('through another procRoot is NotSupportedError', async () => {
    await using elsewhere = createClient({ threads: 1, procRoot: '/proc/self/root/proc' });
    using process = await sleeper();
    const before = shown(process.pid);
    expect([client.supports(method), elsewhere.supports(method)]).toEqual([true, false]);
    expect(await rejection(setValue(elsewhere, setter, process.pid, first))).toBeInstanceOf(NotSupportedError);
    expect(shown(process.pid)).toBe(before);
  });
});

test('setIoPriority and setScheduler take a class and a policy without level and priority', async () => {
  using process = await sleeper();
  await client.setIoPriority(process.pid, { class: 'idle' });
  expect(await client.setIoPriority(process.pid, { class: 'none' })).toEqual({ class: 'idle', level: 0 });
  await client.setScheduler(process.pid, { policy: 'batch' });
  expect(await client.setScheduler(process.pid, { policy: 'other' })).toEqual({ policy: 'batch', priority: 0 });
});

test('setScheduler sets real-time policies, and keeps the flag that children lose them', async ({ skip }) => {
  skip(...lacking.root);
  using process = await sleeper(['chrt', '--reset-on-fork', '--rr', '3']);
  expect(await client.setScheduler(process.pid, { policy: 'fifo', priority: 7 })).toEqual({
    policy: 'rr',
    priority: 3,
  });
  expect(chrt(process.pid)).toBe('SCHED_FIFO|SCHED_RESET_ON_FORK 7');
});

test('setScheduler to deadline is NotSupportedError, which says what does it', async () => {
  const error = await rejection(client.setScheduler(process.pid, { policy: 'deadline' }));
  expect(error).toBeInstanceOf(NotSupportedError);
  expect(error.message).toMatch(/chrt\(1\)/);
});

test('setAffinity leaves out processors that are not there, and is EINVAL where none is left', async () => {
  using process = await sleeper();
  const [cpu] = await client.affinity(process.pid);
  await client.setAffinity(process.pid, new Set([16383, cpu as number]));
  expect(await client.affinity(process.pid)).toEqual([cpu]);
  const error = await rejection(client.setAffinity(process.pid, [16383]));
  expect(error).toMatchObject({ name: 'ProcessError', code: 'EINVAL', syscall: 'sched_setaffinity' });
  expect(error.message).toMatch(/cpuset/);
});

test('setOomScoreAdj is seen by oomScore in a scope', async () => {
  using process = await sleeper();
  await client.oneshot(process.pid, async (scope) => {
    const before = await scope.oomScore();
    await scope.setOomScoreAdj(900);
    expect(await scope.oomScore()).toBeGreaterThan(before);
  });
});
