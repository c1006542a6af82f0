import { FIELD_INDEX, type Frame } from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import { ProcessMap, ProcessMaps } from '../../packages/client/dist/relatives/process-map.js';
import { treesOf } from '../../packages/client/dist/relatives/trees.js';
import { Slices } from '../../packages/client/dist/support/slices.js';
import { rejection } from '../processes/rejection.js';

/** A process that a scan has found: its PID, its parent's, and when it began. */
type Listed = readonly [pid: number, ppid: number, start: number];

/** What maps and trees use of a frame. */
function frameOf(processes: readonly Listed[], withoutParent: readonly number[] = []): Frame {
  const columns = new Map([
    [FIELD_INDEX.ppid, processes.map(([, ppid]) => ppid)],
    [FIELD_INDEX.startTime, processes.map(([, , start]) => start)],
  ]);
  return {
    rows: processes.length,
    pids: Int32Array.from(processes, ([pid]) => pid),
    column: (field: number) => ({ numbers: columns.get(field), value: (row: number) => columns.get(field)?.[row] }),
    hasFailures: withoutParent.length > 0,
    failure: (row: number, field: number) =>
      field === FIELD_INDEX.ppid && withoutParent.includes(processes[row]?.[0] as number) ? {} : undefined,
  } as unknown as Frame;
}

const mapOf = (processes: readonly Listed[], withoutParent?: readonly number[]) =>
  ProcessMap.of([frameOf(processes, withoutParent)], new Slices(undefined));

/** What `tree()` makes of such a listing. */
const treeOf = async (processes: readonly Listed[]) => treesOf(await mapOf(processes), ['ppid'], new Slices(undefined));

interface Row {
  readonly pid: number;
  readonly children: readonly Row[];
}

/** Each process of the trees with its depth. */
function shape(rows: readonly Row[]): (readonly [pid: number, depth: number])[] {
  const shown: (readonly [number, number])[] = [];
  const left = rows.map((row) => ({ row, depth: 0 }));
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const { row, depth } = next;
    shown.push([row.pid, depth]);
    left.unshift(...row.children.map((child) => ({ row: child, depth: depth + 1 })));
  }
  return shown;
}

/** How many turns of the event loop others get until `work` is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

const many = Array.from({ length: 300_000 }, (_, i): Listed => [i + 1, i >> 1, i]);

describe('the trees of a listing', () => {
  test('have as roots those whose parents are not in it', async () => {
    expect(
      shape(
        await treeOf([
          [1, 0, 1],
          [2, 0, 2],
          [7, 5, 7],
          [3, 1, 3],
        ]),
      ),
    ).toEqual([
      [1, 0],
      [3, 1],
      [2, 0],
      [7, 0],
    ]);
  });

  test('have no child that began before its parent: another process had the PID then', async () => {
    expect(
      shape(
        await treeOf([
          [1, 0, 1],
          [50, 1, 10],
          [9, 50, 5],
        ]),
      ),
    ).toEqual([
      [1, 0],
      [50, 1],
      [9, 0],
    ]);
  });

  test('have children of the same tick as their parent, also with a lower number', async () => {
    expect(
      shape(
        await treeOf([
          [3, 9, 100],
          [9, 0, 100],
        ]),
      ),
    ).toEqual([
      [9, 0],
      [3, 1],
    ]);
  });

  test("have every process once where several seem to be each other's parents", async () => {
    const processes: Listed[] = [
      [5, 6, 100],
      [6, 5, 100],
      [7, 6, 100],
      [8, 8, 100],
      [9, 7, 100],
      [4, 9, 200],
    ];
    expect(shape(await treeOf(processes))).toEqual([
      [5, 0],
      [6, 1],
      [7, 2],
      [9, 3],
      [4, 4],
      [8, 0],
    ]);
  });

  test('have a process whose parent could not be read as a root', async () => {
    const map = await mapOf(
      [
        [1, 0, 1],
        [2, 1, 2],
      ],
      [2],
    );
    expect([...map.all()].map(({ pid, parent }) => [pid, parent?.pid])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
  });

  test('may be as deep as there are processes', async () => {
    const chain = Array.from({ length: 30_000 }, (_, i): Listed => [i + 1, i, 7]);
    let deepest = 0;
    for (let [row] = (await treeOf(chain)) as readonly Row[]; row !== undefined; [row] = row.children) deepest++;
    expect(deepest).toBe(30_000);
  });
});

describe('while many processes are put in order', () => {
  test('the event loop takes what arrives: a map', async () => {
    expect(await turnsDuring(() => mapOf(many))).toBeGreaterThan(5);
  });

  test('the same: a tree', async () => {
    const map = await mapOf(many);
    expect(await turnsDuring(() => treesOf(map, ['ppid'], new Slices(undefined)))).toBeGreaterThan(5);
  });

  test('the same: a search', async () => {
    const frame = frameOf(many);
    const maps = new ProcessMaps(async () => [frame]);
    const found = maps.matching({ union: () => undefined } as never, (_, row) => row % 2 === 0, undefined);
    expect(await turnsDuring(() => found)).toBeGreaterThan(5);
    expect(await found).toHaveLength(many.length / 2);
  });

  test('an abort ends it', async () => {
    const reason = new Error('no');
    const abort = new AbortController();
    const map = ProcessMap.of([frameOf(many)], new Slices(abort.signal));
    setImmediate(() => abort.abort(reason));
    expect(await rejection(map)).toBe(reason);
  });
});
