import { createServer } from 'node:net';
import { createClient, NoSuchProcessError } from 'psutil-extra';
import { afterAll, describe, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { answerOf } from '../processes/node.js';
import { Python } from '../processes/python.js';
import { rejection, rejections } from '../processes/rejection.js';
import { Mortal, sleeper } from '../processes/sleeper.js';
import { Trees } from '../processes/trees.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

const pidsOf = (processes: readonly { pid: number }[]) => processes.map(({ pid }) => pid);
const sorted = (pids: Iterable<number>) => [...pids].sort((a, b) => a - b);

describe('parent(), parents() and children()', () => {
  test('are the processes that have started each other', async () => {
    using trees = new Trees();
    const pids = await trees.make('tree 3 2');
    const root = await client.process(pids[0] as number);
    expect((await root.parent())?.pid).toBe(trees.pid);
    expect(pidsOf(await root.parents()).slice(0, 2)).toEqual([trees.pid, process.pid]);
    const children = await root.children();
    expect(children).toHaveLength(2);
    for (const child of children) expect(await child.ppid()).toBe(root.pid);
    expect(sorted(pidsOf(await root.children({ recursive: true })))).toEqual(sorted(pids.slice(1)));
  });

  test('leave out the processes that read for this program, which a scan shows', async ({ skip }) => {
    using asleep = await sleeper();
    await client.cmdline(asleep.pid);
    const own = (await client.scan({ fields: ['name', 'ppid'] })).filter(({ ppid }) => ppid === process.pid);
    const readers = own.filter(({ name }) => name === 'psutil-reader');
    skip(readers.length === 0, 'on this processor no other process reads');
    const children = pidsOf(await (await client.process(process.pid)).children());
    expect(children).toContain(asleep.pid);
    for (const { pid } of readers) expect(children).not.toContain(pid);
  });

  test('of all descendants come from the top down', async () => {
    using trees = new Trees();
    const [root] = await trees.make('tree 3 2');
    const seen = new Set([root]);
    for (const each of await (await client.process(root as number)).children({ recursive: true })) {
      expect(seen.has(await each.ppid())).toBe(true);
      seen.add(each.pid);
    }
  });

  test('make one scan, however deep the tree is', async () => {
    using trees = new Trees();
    const [root] = await trees.make('tree 6 1');
    const held = await client.process(root as number);
    const before = client.stats().messages;
    await held.children({ recursive: true });
    const deep = client.stats().messages - before;
    await (await client.process(process.pid)).children();
    expect(deep).toBeLessThanOrEqual(client.stats().messages - before - deep);
  });

  test('are the Processes that process() finds', async () => {
    using child = await sleeper();
    const held = await client.process(process.pid);
    const found = (await held.children()).find(({ pid }) => pid === child.pid);
    expect(found?.identity).toBe((await client.process(child.pid)).identity);
    expect((await found?.parent())?.identity).toBe(held.identity);
  });

  test('of the first process there is no parent', async () => {
    const first = await client.process(1);
    expect(await first.parent()).toBeNull();
    expect(await first.parents()).toEqual([]);
  });

  test('of a process that is gone reject with NoSuchProcessError', async () => {
    using mortal = await Mortal.start();
    const held = await client.process(mortal.pid);
    await mortal.end();
    for (const error of await rejections([held.parent(), held.parents(), held.children()])) {
      expect(error).toBeInstanceOf(NoSuchProcessError);
    }
  });

  test('of a process whose PID another one has do not become those of the other', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    skip(...lacking.pidfs);
    using reused = new Compiled('reused.c');
    const [pid] = (await reused.line('first')).split(' ').map(Number);
    const held = await client.process(pid as number);
    await reused.line('swap');
    for (const error of await rejections([held.parent(), held.parents(), held.children({ recursive: true })])) {
      expect(error).toBeInstanceOf(NoSuchProcessError);
    }
  });

  test('refuse an option that is none, and end with an abort', async () => {
    const held = await client.process(process.pid);
    expect(await rejection(held.children({ recursiv: true } as object))).toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
    });
    expect(await rejection(held.children({ recursive: 1 } as object))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    const reason = new Error('no');
    expect(await rejection(held.children({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe('find()', () => {
  test('finds by the name: a string matches all of it, a RegExp a part', async () => {
    using python = await Python.start();
    await python.run('rename(b"findable-name")');
    expect(pidsOf(await client.find({ name: 'findable-name' }))).toEqual([python.pid]);
    expect(pidsOf(await client.find({ name: /dable-na/g }))).toEqual([python.pid]);
    expect(await client.find({ name: 'findable' })).toEqual([]);
  });

  test('finds by the command line, the user and the port of a socket, all of which must match', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const { port } = server.address() as { port: number };
      expect(pidsOf(await client.find({ port }))).toEqual([process.pid]);
      const user = await client.username(process.pid);
      expect(pidsOf(await client.find({ port, user }))).toEqual([process.pid]);
      expect(await client.find({ port, user: 'nobody-has-this-name' })).toEqual([]);
      const cmdline = (await client.cmdline(process.pid)).join(' ');
      expect(pidsOf(await client.find({ cmdline, port }))).toEqual([process.pid]);
      expect(await client.find({ cmdline: cmdline.slice(1), port })).toEqual([]);
    } finally {
      server.close();
    }
  });

  test('returns Processes', async () => {
    using python = await Python.start();
    await python.run('rename(b"findable-kind")');
    const [found] = await client.find({ name: 'findable-kind' });
    expect(found?.identity).toBe((await client.process(python.pid)).identity);
  });

  test.each([
    [{}, 'ERR_INVALID_ARG_VALUE', 'criteria'],
    [{ name: undefined }, 'ERR_INVALID_ARG_VALUE', 'criteria'],
    [{ nmae: 'x' }, 'ERR_INVALID_ARG_VALUE', "'name'"],
    [{ name: 5 }, 'ERR_INVALID_ARG_TYPE', 'criteria.name'],
    [{ port: 0 }, 'ERR_OUT_OF_RANGE', 'criteria.port'],
    [{ port: '80' }, 'ERR_INVALID_ARG_TYPE', 'criteria.port'],
    [null, 'ERR_INVALID_ARG_TYPE', 'criteria'],
    ['node', 'ERR_INVALID_ARG_TYPE', 'criteria'],
  ])('refuses %j', async (criteria, code, named) => {
    const error = await rejection(client.find(criteria as object));
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(named);
  });
});

describe('tree()', () => {
  test('has every process once, with the fields that are asked for, beneath its parent', async () => {
    using trees = new Trees();
    const pids = await trees.make('tree 2 3');
    const roots = await client.tree({ fields: ['name', 'ppid'] });
    const seen: number[] = [];
    const walk = (row: (typeof roots)[number]) => {
      seen.push(row.pid);
      expect(Object.keys(row)).toEqual(['pid', 'name', 'ppid', 'children']);
      for (const child of row.children) {
        expect(child.ppid).toBe(row.pid);
        walk(child);
      }
    };
    for (const root of roots) walk(root);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([process.pid, trees.pid, ...pids]));
  });

  test('refuses fields and options that there are not', async () => {
    expect(await rejection(client.tree({ fields: ['nam'] as never }))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(await rejection(client.tree({ field: [] } as never))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});

describe('identity', () => {
  test('is the same text in every program, and another one for every process', async () => {
    using child = await sleeper();
    const { identity } = await client.process(child.pid);
    const other = await answerOf<string>(
      `import { createClient } from 'psutil-extra';
       console.log(JSON.stringify((await createClient().process(${child.pid})).identity));`,
    );
    expect(other).toBe(identity);
    expect((await client.process(process.pid)).identity).not.toBe(identity);
    expect(identity).toMatch(/^[\da-f-]{36}\/\d+\/(?:\d+|pid-\d+)$/);
  });

  test('differs for two processes that have one PID since one clock tick', async ({ skip }) => {
    skip(...lacking.reuseOfPid);
    skip(...lacking.pidfs);
    using reused = new Compiled('reused.c');
    const [pid] = (await reused.line('first')).split(' ').map(Number);
    const first = await client.process(pid as number);
    await reused.line('swap');
    expect((await client.process(pid as number)).identity).not.toBe(first.identity);
  });
});
