import { loadAddon, run } from '@psutil-extra/native';
import { FailureKind, FIELD_INDEX, type Frame, ReadFlag } from '@psutil-extra/native/protocol';
import { describe, expect, test } from 'vitest';
import * as scanning from '../../packages/client/dist/scan/scan.js';
import { Herd } from '../processes/sleeper.js';

interface Scan {
  readonly source: string;
  batch(): Promise<Frame[] | undefined>;
}

// It is not among the published types.
const { ONE_BATCH, Scan } = scanning as unknown as {
  ONE_BATCH: number;
  Scan: new (context: never, fields: number, pids: undefined, signal: undefined, batchSize: number) => Scan;
};

const PPID = 1 << FIELD_INDEX.ppid;
/** The word of a frame that is `Frame.next`. */
const NEXT = 3;
const reader = new (loadAddon().Reader)('/proc');

interface Request {
  readonly pids?: Int32Array;
  readonly cursor?: { readonly from: number };
}

/** Scans these processes by threads of which each part has two, and is refused where it would begin past a PID. */
function scanOf(pids: readonly number[], refusedFrom: number, batchSize: number): Scan {
  const iterated = async ({ from }: { readonly from: number }) => {
    if (from >= refusedFrom) {
      return { ok: false, error: { failure: { kind: FailureKind.denied, errno: 1, code: 'EPERM', syscall: 'bpf' } } };
    }
    const part = pids.filter((pid) => pid >= from);
    const frame = read(Int32Array.from(part.slice(0, 2)));
    new Int32Array(frame)[NEXT] = part[2] ?? -1;
    return { ok: true, value: [frame] };
  };
  const context = {
    isOwnRoot: true,
    origin: { root: '/proc' },
    pool: { threads: 1, run: async () => ({ ok: true, value: { pids: Int32Array.from(pids), cursor: -1 } }) },
    counters: { messages: 0, count: () => {} },
    strategy: { usesIterator: () => true, nextNumber: () => 1, learn: () => {}, refuse: () => true },
    dispatcher: {
      window: 2,
      learn: () => {},
      runBulk: async (request: Request) =>
        request.cursor === undefined
          ? { ok: true, value: [read(request.pids ?? new Int32Array(0))] }
          : iterated(request.cursor),
    },
  };
  return new Scan(context as never, PPID, undefined, undefined, batchSize);
}

/** A frame, also of a single process. */
function read(pids: Int32Array): ArrayBuffer {
  return run(reader, { op: 'pids', pids, fields: PPID, flags: ReadFlag.dropGone }) as ArrayBuffer;
}

/** The source of each of its tables, and the PIDs of all. */
async function tablesOf(scan: Scan): Promise<{ sources: string[]; pids: number[] }> {
  const found = { sources: [] as string[], pids: [] as number[] };
  for (let frames = await scan.batch(); frames !== undefined; frames = await scan.batch()) {
    found.sources.push(scan.source);
    for (const frame of frames) found.pids.push(...frame.pids);
  }
  return found;
}

describe('the source of a table is what read its rows where BPF is refused', async () => {
  using herd = await Herd.of(5);
  const pids = herd.pids.toSorted((a, b) => a - b);
  const NEVER = Number.POSITIVE_INFINITY;
  const cases = [
    { where: 'never', refusedFrom: NEVER, batchSize: ONE_BATCH, sources: ['bpf'] },
    { where: 'never, in batches', refusedFrom: NEVER, batchSize: 2, sources: ['bpf', 'bpf', 'bpf'] },
    { where: 'at first', refusedFrom: 0, batchSize: ONE_BATCH, sources: ['procfs'] },
    { where: 'in the middle', refusedFrom: 1, batchSize: ONE_BATCH, sources: ['bpf+procfs'] },
    { where: 'in the middle of a batch', refusedFrom: 1, batchSize: 3, sources: ['bpf+procfs', 'procfs'] },
    { where: 'between two batches', refusedFrom: 1, batchSize: 2, sources: ['bpf', 'procfs', 'procfs'] },
  ];
  const tables = await Promise.all(
    cases.map(({ refusedFrom, batchSize }) => tablesOf(scanOf(pids, refusedFrom, batchSize))),
  );

  test.each(cases.map((each, index) => ({ ...each, found: tables[index] })))('$where', ({ sources, found }) => {
    expect(found?.sources).toEqual(sources);
    expect(found?.pids).toEqual(pids);
  });
});
