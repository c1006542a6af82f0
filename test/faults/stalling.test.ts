import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { answerOf, type Ended, runNode } from '../processes/node.js';
import { RecordedRoot } from '../processes/recorded-root.js';

/** A `procRoot` on a file system in user space: no deadline ends a read there, and no signal but one that ends the program. */

const SLOW = 5;
const QUICK = 6;
const MOUNT = fileURLToPath(new URL('stalling-mount.py', import.meta.url));

/** A client of that root, and a call whose thread is held there. */
const HELD = `import { access } from 'node:fs/promises';
  import { createClient } from 'psutil-extra';
  const root = process.argv[1];
  const there = (name) => access(root + '/' + name).then(() => true, () => false);
  const outcomeOf = (promise) => promise.catch(({ name, code, syscall, pid }) => ({ name, code, syscall, pid }));
  const client = createClient({ threads: 2, procRoot: root });
  await client.umask(${QUICK});
  const giveUp = new AbortController();
  let answered = false;
  const held = outcomeOf(client.umask(${SLOW}, { signal: giveUp.signal })).finally(() => { answered = true; });
  while (!(await there('held')));`;

/** A program that has found itself there; `run` takes its source. */
async function mounted<T>(
  run: (source: string, root: string, wrapper: readonly string[]) => Promise<T>,
  source: string,
) {
  using root = new RecordedRoot();
  root.add(SLOW);
  root.add(QUICK);
  const stalling = `STALLING=${SLOW}/status`;
  return await run(`${HELD}\n${source}`, root.path, [
    'unshare',
    '--mount',
    'env',
    stalling,
    'python3',
    MOUNT,
    root.path,
  ]);
}

function answer<T>(source: string): Promise<T> {
  return mounted((program, root, wrapper) => answerOf<T>(program, { wrapper, args: [root] }), source);
}

function end(source: string): Promise<Ended> {
  return mounted((program, root, wrapper) => runNode(program, { wrapper, args: [root] }), source);
}

beforeEach(({ skip }) => skip(...lacking.fileSystemsInUserSpace));

test('a file system that does not answer holds one thread; the others answer, and so does that one in the end', async () => {
  const result = await answer(`
    const others = new Set();
    for (let i = 0; i < 100; i++) others.add(await client.umask(${QUICK}));
    const before = answered;
    await there('answer');
    console.log(JSON.stringify({ others: [...others], before, held: await held }));
    await client.close();`);
  expect(result).toEqual({ others: [0o27], before: false, held: 0o27 });
});

test('a call to a file system that does not answer can be aborted, and rejects at once', async () => {
  const result = await answer(`
    giveUp.abort();
    const gaveUp = await held;
    const stillHeld = await there('held');
    await there('answer');
    console.log(JSON.stringify({ name: gaveUp.name, stillHeld }));
    await client.close();`);
  expect(result).toEqual({ name: 'AbortError', stillHeld: true });
});

test('when a file system that does not answer goes away, its calls reject', async () => {
  const result = await answer(`
    await there('vanish');
    console.log(JSON.stringify([await held, await outcomeOf(client.umask(${QUICK}))]));
    await client.close();`);
  const gone = { name: 'ProcessError', syscall: 'read', code: 'ECONNABORTED', pid: SLOW };
  expect(result).toEqual([gone, { ...gone, syscall: 'open', code: 'ENOTCONN', pid: QUICK }]);
});

test('close() leaves a thread that a file system holds, and the program ends when that answers', async () => {
  const result = await answer(`
    await client.close();
    const closed = { held: await held, stillHeld: await there('held') };
    console.log(JSON.stringify(closed));
    await there('answer');`);
  expect(result).toEqual({ held: { name: 'ClientClosedError', code: 'ERR_CLIENT_CLOSED' }, stillHeld: true });
});

test('a program whose thread a file system holds is ended by SIGTERM', async () => {
  const { code, stdout, stderr } = await end(`process.kill(process.pid, 'SIGTERM');`);
  expect({ code, stdout, stderr }).toEqual({ code: 128 + 15, stdout: '', stderr: '' });
});
