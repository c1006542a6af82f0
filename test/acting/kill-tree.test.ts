import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, NoSuchProcessError, NotSupportedError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Denying } from '../processes/denying.js';
import { answerOf } from '../processes/node.js';
import { stateOf } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { rejection } from '../processes/rejection.js';
import { Herd, Mortal, sleeper } from '../processes/sleeper.js';
import { Trees } from '../processes/trees.js';
import { until } from '../processes/until.js';

const isGone = (pid: number) => ['Z', undefined].includes(stateOf(pid));
const statuses = (killed: readonly { status: string }[]) => [...new Set(killed.map(({ status }) => status))];

describe.each([
  ['as this system lists best', 'auto'],
  ['by lists of children, or by all processes', 'procfs'],
] as const)('killTree(), %s', (_, source) => {
  const client = createClient({ threads: 1, source });
  afterAll(() => client.close());

  test('ends a process and all its descendants, and reports each', async () => {
    using trees = new Trees();
    const pids = await trees.make('tree 4 2');
    const killed = await (await client.process(pids[0] as number)).killTree();
    expect(killed.map(({ pid }) => pid).sort((a, b) => a - b)).toEqual([...pids].sort((a, b) => a - b));
    expect(statuses(killed)).toEqual(['ended']);
    for (const pid of pids) expect(isGone(pid)).toBe(true);
  });

  test('signals nobody else: a neighbour herd is as before', async () => {
    using herd = await Herd.of(10);
    using trees = new Trees();
    const [root] = await trees.make('tree 2 3');
    await client.killTree(root as number, { killSignal: 'SIGKILL' });
    for (const pid of herd.pids) expect(stateOf(pid)).toBe('S');
    expect(isGone(trees.pid)).toBe(false);
  });

  test('is not outrun by a tree that keeps forking and ignores the signal', async () => {
    using trees = new Trees();
    const [root] = await trees.make('storm 300');
    await pause(300);
    const killed = await client.killTree(root as number, { grace: 100 });
    expect(killed.length).toBeGreaterThan(20);
    expect(killed[0]).toEqual({ pid: root, status: 'killed' });
    for (const { pid } of killed) await until(`${pid} has ended`, () => isGone(pid));
    // Whatever it has started is among them: all are of its process group's kind and named alike.
    expect(pidsBeneath(await client.tree({ fields: [] }), root as number)).toEqual([]);
  });

  test('kills what is left after grace', async () => {
    using python = await Python.start();
    await python.run('signal.signal(signal.SIGTERM, signal.SIG_IGN) and None');
    expect(await client.killTree(python.pid, { grace: 20 })).toEqual([{ pid: python.pid, status: 'killed' }]);
    expect(isGone(python.pid)).toBe(true);
  });

  test('runs the handler of the signal that it sends, also of a process that was stopped', async () => {
    using python = await Python.start();
    await python.run('signal.signal(signal.SIGUSR1, lambda *_: os._exit(5)) and None');
    await client.kill(python.pid, 'SIGSTOP');
    await until('it is stopped', () => stateOf(python.pid) === 'T');
    const exit = client.waitForExit(python.pid);
    const killed = await client.killTree(python.pid, { killSignal: 'SIGUSR1' });
    expect(killed).toEqual([{ pid: python.pid, status: 'ended' }]);
    expect(await exit).toEqual({ code: 5, signal: null });
  });

  test('ends the children of every thread', async () => {
    using python = await Python.start();
    const child = await python.run<number>('fork_in_thread()');
    const killed = await client.killTree(python.pid);
    expect(killed.map(({ pid }) => pid)).toEqual([python.pid, child]);
    expect(isGone(child)).toBe(true);
  });

  test('reports a descendant that has left the tree, by the session that its leader made, and does not signal it', async () => {
    using trees = new Trees();
    const [leader, orphan] = (await trees.make('escape')) as [number, number];
    expect(await client.killTree(leader)).toEqual([
      { pid: leader, status: 'ended' },
      { pid: orphan, status: 'escaped' },
    ]);
    expect(stateOf(orphan)).toBe('S');
  });

  test("reports another user's process as denied, and the rest all the same", async ({ skip }) => {
    skip(...lacking.otherUser);
    const killed = await answerOf<string[]>(
      `import { spawn } from 'node:child_process';
       import { once } from 'node:events';
       import { createClient } from 'psutil-extra';
       const shell = spawn('sh', ['-c', 'sleep 100 & setpriv --reuid=65534 --clear-groups sleep 100 & echo; wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
       await once(shell.stdout, 'data');
       const client = createClient({ source: '${source}' });
       const root = await client.process(shell.pid);
       const all = async () => (await root.children()).length === 2 && (await Promise.all((await root.children()).map((child) => child.name()))).every((name) => name === 'sleep');
       while (!(await all())) continue;
       // Its real user may still signal its own processes, and not that of nobody.
       process.seteuid(65533);
       const killed = await root.killTree({ grace: 50 });
       process.seteuid(0);
       for (const { pid, status } of killed) if (status === 'denied') process.kill(pid, 'SIGKILL');
       console.log(JSON.stringify(killed.map(({ status }) => status).sort()));`,
    );
    expect(killed).toEqual(['denied', 'ended', 'ended']);
  });

  test("reports one of the kernel's own threads, which no signal ends, as denied, and does not wait for it for long", async ({
    skip,
  }) => {
    skip(...lacking.kernelThread);
    skip(...lacking.root);
    const [thread] = await client.find({ name: 'ksoftirqd/0' });
    const lists = client.stats().messages;
    expect(await thread?.killTree({ grace: 50 })).toEqual([{ pid: thread?.pid, status: 'denied' }]);
    // Half a second of listings with pauses, and not five seconds again and again.
    expect(client.stats().messages - lists).toBeLessThan(3000);
  }, 15_000);

  test('refuses a tree that this program is in, and stops nothing', async () => {
    for (const pid of [process.pid, process.ppid]) {
      const error = await rejection(client.killTree(pid));
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
      expect(error.message).toContain('proc');
    }
    expect(stateOf(process.ppid)).not.toBe('T');
  });

  test('lets the tree run on when it is aborted', async () => {
    using python = await Python.start();
    await python.run('signal.signal(signal.SIGTERM, signal.SIG_IGN) and None');
    const reason = new Error('stay');
    const controller = new AbortController();
    const killing = rejection(client.killTree(python.pid, { grace: 20_000, signal: controller.signal }));
    await pause(50);
    controller.abort(reason);
    expect(await killing).toBe(reason);
    expect(await python.run<number>('6 * 7')).toBe(42);
  });

  test('that close() interrupts lets the tree run on', async () => {
    using python = await Python.start();
    await python.run('signal.signal(signal.SIGTERM, signal.SIG_IGN) and None');
    const closing = createClient({ threads: 1 });
    const killing = rejection(closing.killTree(python.pid, { grace: 20_000 }));
    await pause(50);
    await closing.close();
    expect(await killing).toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    expect(await python.run<number>('6 * 7')).toBe(42);
  });

  test('of a process that is gone is NoSuchProcessError', async () => {
    using mortal = await Mortal.start();
    const held = await client.process(mortal.pid);
    await mortal.end();
    expect(await rejection(held.killTree())).toBeInstanceOf(NoSuchProcessError);
    expect(await rejection(client.killTree(0))).toBeInstanceOf(NoSuchProcessError);
  });

  test.each([
    [{ killSignal: 'SIGTREM' }, 'ERR_INVALID_ARG_VALUE', 'options.killSignal'],
    [{ killSignal: 0 }, 'ERR_OUT_OF_RANGE', 'options.killSignal'],
    [{ grace: -1 }, 'ERR_OUT_OF_RANGE', 'options.grace'],
    [{ grace: Number.NaN }, 'ERR_OUT_OF_RANGE', 'options.grace'],
    [{ grace: '5' }, 'ERR_INVALID_ARG_TYPE', 'options.grace'],
    [{ signal: 'SIGTERM' }, 'ERR_INVALID_ARG_TYPE', 'options.signal'],
    [{ killsignal: 'SIGTERM' }, 'ERR_INVALID_ARG_VALUE', 'killSignal'],
  ])('refuses the options %j', async (options, code, named) => {
    using process = await sleeper();
    const error = await rejection(client.killTree(process.pid, options as object));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(named);
    expect(stateOf(process.pid)).toBe('S');
  });

  test('is not supported through another procRoot', async () => {
    await using other = createClient({ procRoot: '/proc/self/root/proc' });
    expect(other.supports('killTree')).toBe(false);
    expect(await rejection(other.killTree(process.pid))).toBeInstanceOf(NotSupportedError);
  });
});

interface Row {
  readonly pid: number;
  readonly children: readonly Row[];
}

/** The PIDs of a tree, without zombies' parents: none where its root is gone. */
function pidsBeneath(rows: readonly Row[], root: number): number[] {
  const all = (row: Row): number[] => [row.pid, ...row.children.flatMap(all)];
  const find = (row: Row): number[] => (row.pid === root ? row.children.flatMap(all) : row.children.flatMap(find));
  return rows.flatMap(find).filter((pid) => !isGone(pid));
}

describe('where no process can be waited for', () => {
  test('killTree() lists the tree now and then until grace is over', async ({ skip }) => {
    skip(...lacking.preload);
    using denying = new Denying();
    using python = await Python.start();
    await python.run('signal.signal(signal.SIGTERM, signal.SIG_IGN) and None');
    const [killed, messages] = await answerOf<[object[], number]>(
      `import { createClient } from 'psutil-extra';
       const client = createClient({ threads: 1, source: 'procfs' });
       const killed = await client.killTree(${python.pid}, { grace: 1000 });
       console.log(JSON.stringify([killed, client.stats().messages]));
       await client.close();`,
      { wrapper: denying.wrapper('pidfd_open', constants.errno.ENOSYS) },
    );
    expect(killed).toEqual([{ pid: python.pid, status: 'killed' }]);
    expect(messages).toBeLessThan(100);
  });
});
