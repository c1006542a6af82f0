import { existsSync } from 'node:fs';
import { FIELD_INDEX, FieldSet, type Frame } from '@psutil-extra/native/protocol';
import { createClient } from 'psutil-extra';
import { describe, expect, test } from 'vitest';
import * as descendantLists from '../../packages/client/dist/actions/descendant-lists.js';
import * as treeKill from '../../packages/client/dist/actions/tree-kill.js';
import { ProcessMap } from '../../packages/client/dist/relatives/process-map.js';
import { Slices } from '../../packages/client/dist/support/slices.js';
import { Herd } from '../processes/sleeper.js';
import { Trees } from '../processes/trees.js';

test('killTree() without BPF reads the tree alone, and no other process', async ({ skip }) => {
  skip(!existsSync('/proc/thread-self/children'), 'this kernel keeps no lists of children');
  using herd = await Herd.of(200);
  using trees = new Trees();
  const [root] = await trees.make('tree 1 2');
  await using client = createClient({ threads: 1, source: 'procfs' });
  await client.killTree(root as number, { killSignal: 'SIGKILL' });
  expect(client.stats().reads['stat']).toBeLessThan(herd.pids.length);
});

/** Answers of a thread. */
const failing = (code: string) => ({ ok: false, error: { failure: { code } } });
const listed = (cursor: number) => ({ ok: true, value: { pids: Int32Array.of(1, 2), cursor } });

/** Lists, where a thread answers with each of these in turn; and how often it was asked. */
function listsOf(...replies: readonly object[]) {
  const { DescendantLists } = descendantLists as unknown as {
    DescendantLists: new (...parts: unknown[]) => { of(pids: readonly number[]): Promise<Int32Array | undefined> };
  };
  const asked: object[] = [];
  const dispatcher = { run: async (request: object) => replies[asked.push(request) - 1] };
  return { lists: new DescendantLists(dispatcher, { messages: 0 }, () => true), asked };
}

describe('lists of descendants', () => {
  test.each(['ENOENT', 'ENOTSUP'])('are not asked for again where the system has none, %s', async (code) => {
    const { lists, asked } = listsOf(failing(code));
    expect(await lists.of([1])).toBeUndefined();
    expect(await lists.of([1])).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test('that fail otherwise, or have more than their bound, are none: every process is listed then', async () => {
    const { lists } = listsOf(failing('EMFILE'), listed(0), listed(-1));
    expect(await lists.of([1])).toBeUndefined();
    expect(await lists.of([1])).toBeUndefined();
    expect([...((await lists.of([1])) ?? [])]).toEqual([1, 2]);
  });

  test('of hundreds of processes are not asked for', async () => {
    const { lists, asked } = listsOf(listed(-1));
    expect(await lists.of(Array.from({ length: 600 }, (_, i) => i + 1))).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

/** A process in a made listing; its only thread has its state unless others are given. */
interface Made {
  readonly pid: number;
  readonly ppid: number;
  readonly state: string;
  readonly threads?: readonly (readonly [tid: number, state: string])[];
}

function frameOf(processes: readonly Made[]): Frame {
  const { ppid, startTime, state, sid, threadList, name } = FIELD_INDEX;
  const values = new Map<number, (made: Made) => unknown>([
    [ppid, (made) => made.ppid],
    [startTime, (made) => made.pid],
    [state, (made) => made.state],
    [sid, () => 0],
    [name, () => 'made'],
    [threadList, (made) => (made.threads ?? [[made.pid, made.state]]).map(([tid, each]) => ({ tid, state: each }))],
  ]);
  return {
    rows: processes.length,
    pids: Int32Array.from(processes, ({ pid }) => pid),
    fields: FieldSet.of(ppid, startTime, state, sid, threadList),
    hasFailures: false,
    column: (field: number) => ({
      numbers: processes.map((made) => values.get(field)?.(made)),
      value: (row: number) => values.get(field)?.(processes[row] as Made) ?? null,
    }),
  } as unknown as Frame;
}

/**
 * Kills a tree with SIGKILL of which the listings find these, one after the other and then the last again and again. Returns how
 * many listings were made before SIGKILL was sent, and which signals each process got.
 */
async function killed(...listings: readonly (readonly Made[])[]) {
  const { TreeKill } = treeKill as unknown as {
    TreeKill: new (...parts: unknown[]) => { run(signal: number, grace: number): Promise<unknown> };
  };
  const sent: string[] = [];
  let made = 0;
  let before: number | undefined;
  const parts = {
    descendants: { of: async () => Int32Array.of(1) },
    maps: {
      read: async (fields: FieldSet) => {
        // Another part of the call reads cgroups.
        const isListing = fields.contains(FieldSet.of(FIELD_INDEX.state));
        const listing = isListing ? listings[Math.min(made++, listings.length - 1)] : [];
        return ProcessMap.of([frameOf(before === undefined ? (listing ?? []) : [])], new Slices(undefined));
      },
    },
    relatives: { confirm: async (found: readonly object[]) => found },
    exits: { wait: async () => undefined },
    kills: {
      send: async ({ pid }: { pid: number }, signal: number) => {
        sent.push(`${pid}:${signal}`);
        if (signal === 9) before ??= made;
        return 'sent';
      },
    },
  };
  await new TreeKill(parts, { pid: 10, start: 10 }, new AbortController().signal).run(9, 0);
  return { listings: before, sent };
}

describe('a tree that is listed by lists of children', () => {
  const root = { pid: 10, ppid: 1, state: 'stopped' };
  const child = { pid: 11, ppid: 10, state: 'stopped' };

  test('stands still when three listings in a row find the same, all stopped', async () => {
    // The first makes its processes members, the next three agree.
    expect(await killed([root, child])).toMatchObject({ listings: 4, sent: expect.arrayContaining(['10:9', '11:9']) });
  });

  test('is listed again when one that was found is missing: others may have been missed with it', async () => {
    const other = { pid: 12, ppid: 10, state: 'zombie' };
    const all = [root, child, other];
    expect(await killed(all, all, [root, child])).toMatchObject({ listings: 5 });
  });

  test('does not stand while any thread runs, and gets SIGSTOP until then', async () => {
    const running = {
      ...child,
      threads: [
        [11, 'stopped'],
        [21, 'running'],
      ] as const,
    };
    const still = {
      ...child,
      threads: [
        [11, 'stopped'],
        [21, 'stopped'],
      ] as const,
    };
    const { listings, sent } = await killed([root, running], [root, running], [root, running], [root, still]);
    expect(listings).toBe(6);
    expect(sent.filter((each) => each === '11:19')).toHaveLength(2);
  });

  test('is listed again when a thread is new', async () => {
    const one = { ...child, threads: [[11, 'stopped']] as const };
    const two = {
      ...child,
      threads: [
        [11, 'stopped'],
        [21, 'stopped'],
      ] as const,
    };
    expect(await killed([root, one], [root, one], [root, two])).toMatchObject({ listings: 5 });
  });

  test('is signalled all the same where a thread waits in the kernel for long', async () => {
    const stuck = {
      ...child,
      threads: [
        [11, 'stopped'],
        [21, 'disk-sleep'],
      ] as const,
    };
    // Every 10 ms for half a second, and not for the five seconds that a running one is waited for.
    expect((await killed([root, stuck])).listings).toBeLessThan(100);
  });
});
