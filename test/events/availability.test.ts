import { spawn } from 'node:child_process';
import { AccessDeniedError, createClient, NotSupportedError } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { answerOf, runNode } from '../processes/node.js';

describe('without what the kernel needs', () => {
  const EVENTS = `import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1, source: 'bpf' });
    await client.events(OPTIONS).next().then(
      ({ value }) => console.log(JSON.stringify({ value })),
      ({ name, code, message }) => console.log(JSON.stringify({ name, code, message })),
    );
    await client.close();`;

  test('the first next() says which capabilities are missing', async ({ skip }) => {
    skip(...lacking.root);
    const { name, message } = await answerOf<{ name: string; message: string }>(EVENTS.replace('OPTIONS', ''), {
      wrapper: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'],
    });
    expect(name).toBe(AccessDeniedError.name);
    expect(message).toMatch(/bpf: CAP_BPF and CAP_PERFMON are missing/);
    expect(message).toMatch(/\{ poll: ms \}/);
  });

  test.for(['client.events().next()', 'client.live()'])(
    'the error of %s begins at its caller',
    async (call, { skip }) => {
      skip(...lacking.root);
      const source = `import { createClient } from 'psutil-extra';
      const client = createClient({ threads: 1, source: 'bpf' });
      async function caller() { await ${call}; }
      // The first error of a program: later ones are looked for in another way.
      await caller().catch(({ stack }) => console.log(JSON.stringify(stack.split('\\n')[1])));
      await client.close();`;
      const frame = await answerOf(source, { wrapper: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] });
      expect(frame).toMatch(/^ +at (?:async )?caller /);
    },
  );

  test('listings are compared if the caller allows it', async () => {
    await using client = createClient({ threads: 1, procRoot: OTHER_ROOT });
    const events = client.events({ poll: 20 });
    // It begins after the first listing, which is taken when events() is called.
    await client.pids();
    const child = spawn('/bin/cat');
    const own = [];
    for await (const event of events) {
      if (event.kind === 'lost' || event.pid !== child.pid) continue;
      own.push(event);
      if (event.kind === 'exit') break;
      child.kill();
    }
    const time = expect.any(Number);
    expect(own).toEqual([
      { kind: 'fork', pid: child.pid, parent: process.pid, time },
      { kind: 'exit', pid: child.pid, code: null, signal: null, time },
    ]);
  });

  test('listings are compared until the client is closed, and do not keep the program alive', async () => {
    const ended = await runNode(`import { createClient } from 'psutil-extra';
      const client = createClient({ threads: 1, procRoot: '${OTHER_ROOT}' });
      const forgotten = client.events({ poll: 10 });
      const closing = createClient({ threads: 1, procRoot: '${OTHER_ROOT}' });
      setTimeout(() => closing.close(), 200);
      for await (const _ of closing.events({ poll: 10 })) continue;
      console.log('closed');`);
    expect(ended).toMatchObject({ code: 0, stdout: 'closed\n', stderr: '' });
  });
});

/** The same processes, where the kernel's events are not used. */
const OTHER_ROOT = '/proc/self/root/proc';

/** Prints what it sees of a process that it starts. */
const WATCHER = (source: string) => `
    import { spawn } from 'node:child_process';
    import { createClient } from 'psutil-extra';
    const client = createClient({ threads: 1, source: '${source}' });
    const events = client.events();
    const seen = [];
    const timer = setInterval(() => spawn('/bin/true'), 20);
    try {
      for await (const event of events) {
        clearInterval(timer);
        const child = spawn('/bin/sh', ['-c', 'exit 9']);
        for await (const event of events) {
          seen.push(event);
          if (event.kind === 'exit' && event.pid === child.pid) break;
        }
        const own = seen.filter(({ pid }) => pid === child.pid);
        console.log(JSON.stringify({ self: process.pid, child: child.pid, own, pids: seen.map(({ pid }) => pid) }));
        break;
      }
    } catch ({ name, message }) {
      console.log(JSON.stringify({ name, message }));
    }
    clearInterval(timer);
    await client.close();`;

describe('in a PID namespace', () => {
  const wrapper = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

  test('BPF reports the numbers of that namespace, and no process outside', async ({ skip }) => {
    skip(...lacking.namespaces);
    using busy = spawnedOutside();
    const answer = await answerOf<{ name?: string; self: number; child: number; own: object[]; pids: number[] }>(
      WATCHER('bpf'),
      { wrapper },
    );
    expect(busy.killed).toBe(false);
    skip(answer.name !== undefined, `BPF is not available there: ${answer.name}`);
    const { self, child, own, pids } = answer;
    expect(self).toBe(1);
    expect(own).toMatchObject([
      { kind: 'fork', pid: child, parent: 1 },
      { kind: 'exec', pid: child },
      { kind: 'exit', pid: child, code: 9, signal: null },
    ]);
    expect(Math.max(...pids)).toBeLessThan(200);
  });

  test('the process connector is silent, which is detected', async ({ skip }) => {
    skip(...lacking.namespaces);
    const answer = await answerOf<{ name: string; message: string }>(WATCHER('procfs'), { wrapper });
    expect([AccessDeniedError.name, NotSupportedError.name]).toContain(answer.name);
    expect(answer.message).toMatch(/netlink: .*(?:silent outside|missing|not in this kernel)/);
  });

  test('that it is silent is detected too while a listener outside has events all the time', async ({ skip }) => {
    skip(...lacking.namespaces);
    await using outside = createClient({ threads: 1, source: 'procfs' });
    using busy = spawnedOutside();
    const events = outside.events();
    const listens = await events.next().catch(() => undefined);
    skip(listens === undefined, 'the process connector does not work here');
    const answer = await answerOf<{ name: string; message: string }>(WATCHER('procfs'), { wrapper });
    expect(answer.name).toBe(NotSupportedError.name);
    expect(answer.message).toMatch(/netlink: .*silent outside/);
    expect(busy.killed).toBe(false);
    await events.return();
  });
});

/** A process outside the namespace that keeps forking. */
function spawnedOutside() {
  const child = spawn('/bin/sh', ['-c', 'while :; do /bin/true; done']);
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
}
