import { constants } from 'node:os';
import { createClient, NotSupportedError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { Denying } from '../processes/denying.js';
import { answerOf } from '../processes/node.js';
import { rejection } from '../processes/rejection.js';
import { sleeper } from '../processes/sleeper.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

describe('a wait', () => {
  test('that finds no descriptor left is an error of that call alone, and says what to do', async () => {
    using process = await sleeper();
    const answer = await answerOf<{ codes: Record<string, number>; message: string; umask: number }>(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       await client.umask(process.pid);
       const controller = new AbortController();
       const { signal } = controller;
       const waits = Array.from({ length: 300 }, () => client.waitForExit(${process.pid}, { signal }).catch((error) => error));
       const first = await Promise.race(waits);
       controller.abort();
       const codes = {};
       for (const { code = 'none' } of await Promise.all(waits)) codes[code] = (codes[code] ?? 0) + 1;
       for (;;) if ((await client.umask(process.pid).catch(({ code }) => code)) !== 'EMFILE') break;
       console.log(JSON.stringify({ codes, message: first.message, umask: await client.umask(${process.pid}) }));`,
      { wrapper: ['prlimit', '--nofile=128:128'] },
    );
    expect(answer.codes['EMFILE']).toBeGreaterThan(100);
    expect(answer.codes['EMFILE']).toBeLessThan(300);
    expect(answer.message).toContain('ulimit -n');
    expect(answer.umask).toBeTypeOf('number');
  });

  test('is not supported through another procRoot, and supports() says so', async () => {
    await using other = createClient({ procRoot: '/proc/self/root/proc' });
    expect(other.supports('waitForExit')).toBe(false);
    expect(client.supports('waitForExit')).toBe(true);
    expect(await rejection(other.waitForExit(process.pid))).toBeInstanceOf(NotSupportedError);
  });

  test.each([
    [constants.errno.ENOSYS, NotSupportedError.name],
    [constants.errno.EPERM, 'AccessDeniedError'],
  ])('where pidfd_open() fails with errno %i is %s', async (errno, name) => {
    using denying = new Denying();
    const error = await answerOf<{ name: string; syscall: string }>(
      `import { createClient } from 'psutil-extra';
       const client = createClient();
       const { name, syscall } = await client.waitForExit(process.ppid).catch((error) => error);
       console.log(JSON.stringify({ name, syscall }));`,
      { wrapper: denying.wrapper('pidfd_open', errno) },
    );
    expect(error).toEqual({ name, syscall: 'pidfd_open' });
  });

  test('refuses an unknown option, and a process that is none', async () => {
    expect(await rejection(client.waitForExit(1, { timeout: 1 } as object))).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
    expect(await rejection(client.waitForExit('1' as never))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});
