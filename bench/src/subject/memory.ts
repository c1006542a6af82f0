import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Field, type ProcessTable } from 'psutil-extra';

/** Megabytes beyond a client that has made one call. */
export interface Memory {
  readonly processes: number;
  /** What the process takes up while it holds the table, and at most while it scanned. */
  readonly rss: number;
  readonly peak: number;
  readonly heap: number;
  /** Buffers, ours among them: those that another thread made count here, and not as `arrayBuffers`. */
  readonly external: number;
  /** Of the resident memory, over so many more scans, each table dropped before the next. */
  readonly growth: number;
  readonly scans: number;
}

/** What scans of every field take up. */
export async function memory(scans: number): Promise<Memory> {
  await using client = createClient({ threads: 1, source: 'procfs' });
  await client.umask(process.pid);
  const idle = await settled();
  resetPeak();
  let table: ProcessTable | undefined = await client.scan({ fields: ALL });
  const peak = status('VmHWM');
  const held = await settled();
  const processes = table.length;
  table = undefined;

  // Of a few PIDs at a time: the number of scans matters here, not that of processes.
  const pids = [...(await client.pids())].slice(0, SOME);
  const again = async () => {
    for (let i = 0; i < scans; i++) await client.scan({ fields: ALL, pids });
  };
  // V8's heap reaches its size within the first thousands of messages.
  await again();
  const early = (await settled()).rss;
  await again();
  const late = (await settled()).rss;
  return {
    processes,
    rss: held.rss - idle.rss,
    peak: peak - idle.rss,
    heap: held.heap - idle.heap,
    external: held.external - idle.external,
    growth: late - early,
    scans,
  };
}

async function settled(): Promise<{ rss: number; heap: number; external: number }> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await sleep(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss: rss / MB, heap: heapUsed / MB, external: external / MB };
}

function status(key: string): number {
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(key));
  return (Number(line?.match(/\d+/)?.[0]) * 1024) / MB;
}

/** Makes the kernel count its high-water mark from now on: proc_pid_clear_refs(5). */
function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

const SOME = 2000;
const MB = 1e6;
const ALL: readonly Field[] = [
  'umask',
  'groups',
  'sigmasks',
  'pgid',
  'sid',
  'rlimits',
  'name',
  'ppid',
  'state',
  'uids',
  'gids',
  'startTime',
  'threads',
];
