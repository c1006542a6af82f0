import type { Client, Field } from 'psutil-extra';

/** What a process is chosen and named by. */
export interface Facts {
  /** As the kernel stores it: 15 bytes on Linux. */
  readonly name: string;
  /** Whether the kernel itself runs it. */
  readonly isKernel: boolean;
  /** The arguments, joined by spaces; empty if there are none, or if they could not be read. */
  readonly cmdline: string;
  /** What it was started as: the first argument. */
  readonly program: string | undefined;
  readonly exe: string | null;
  readonly user: string | null;
  readonly cgroup: string | null;
  readonly container: string | null;
}

/** The field that a rule needs for each of its conditions and variables. */
export const FACT_FIELDS = {
  name: [],
  cmdline: ['cmdline'],
  exe: ['exe'],
  user: ['username'],
  cgroup: ['cgroup'],
  container: ['containerId'],
} as const satisfies Readonly<Record<string, readonly Field[]>>;

export type Fact = keyof typeof FACT_FIELDS;

/** What is read of a process at a slow pace, because it takes a file or more for each. */
export interface SlowFacts {
  /** How many descriptors are open, and how many may be. NaN is a number that could not be read. */
  readonly descriptors: number;
  readonly softLimit: number;
  readonly oomScore: number;
  /** Whether the file that it executes has been removed or replaced; `null` if that could not be read. */
  readonly isDeleted: boolean | null;
}

/** A process's answer. Its start distinguishes it from a process that had the PID before, or has it now. */
export interface ReadFacts {
  readonly start: number;
  readonly facts: Omit<Facts, 'name' | 'isKernel'>;
  readonly slow: SlowFacts;
}

/** Reads what is asked for of these processes, or of all of them, by one scan. */
export async function readFacts(
  client: Client,
  fields: readonly Field[],
  pids: readonly number[] | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ReadFacts>> {
  if (pids?.length === 0 || fields.length === 0) return new Map();
  const table = await client.scan({
    fields: ['startTime', ...fields],
    ...(pids === undefined ? {} : { pids }),
    signal,
  });
  const read = new Map<number, ReadFacts>();
  for (const row of table as Iterable<Row>) {
    const args = row.cmdline ?? [];
    read.set(row.pid, {
      start: row.startTime ?? Number.NaN,
      facts: {
        cmdline: beginningOf(args.join(' '), LONGEST_CMDLINE),
        // Not all of them: they may be megabytes, and what is read here stays.
        program: args[0] === undefined ? undefined : beginningOf(args[0], LONGEST_PATH),
        exe: row.exe ?? null,
        user: row.username ?? null,
        cgroup: row.cgroup ?? null,
        container: row.containerId ?? null,
      },
      slow: {
        descriptors: row.fdCount ?? Number.NaN,
        softLimit: row.rlimits?.RLIMIT_NOFILE?.soft ?? Number.NaN,
        oomScore: row.oomScore ?? Number.NaN,
        isDeleted: isDeleted(row),
      },
    });
  }
  return read;
}

/** A file in memory, which container runtimes run themselves from, never had a name: nothing was replaced. */
function isDeleted({ exe, exeDeleted = null }: Row): boolean | null {
  return exeDeleted === true && exe?.startsWith(MEMFD) === true ? false : exeDeleted;
}

/** A copy: a part of a text would keep all of it in memory. */
function beginningOf(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length)).toString();
}

/** A row has only the fields that were asked for. */
interface Row {
  readonly pid: number;
  readonly startTime: number | null;
  readonly cmdline?: readonly string[] | null;
  readonly exe?: string | null;
  readonly username?: string | null;
  readonly cgroup?: string | null;
  readonly containerId?: string | null;
  readonly fdCount?: number | null;
  readonly rlimits?: { readonly RLIMIT_NOFILE?: { readonly soft: number } } | null;
  readonly oomScore?: number | null;
  readonly exeDeleted?: boolean | null;
}

/** A process may have megabytes of arguments: patterns would search them on the event loop, and each process keeps this much. */
const LONGEST_CMDLINE = 8192;
const LONGEST_PATH = 4096;
/** How Linux shows the path of what memfd_create() has made. */
const MEMFD = '/memfd:';
