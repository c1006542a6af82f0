import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Field } from 'psutil-extra';
import { partsOf, type TableParts } from 'psutil-extra/arrow';
import {
  checkFunction,
  checkInteger,
  checkNumber,
  checkOptions,
  checkPatterns,
  checkSignal,
  checkText,
  invalidType,
} from './arguments.js';
import type { Counts, Damaged } from './requests.js';
import { WritingThread } from './writing-thread.js';

/** What is recorded, where, and when a file ends. */
export interface RecordOptions {
  /** Where the files are; it is made if it does not exist. */
  directory: string;
  /** What is read of each process. Default: {@link DEFAULT_RECORDED}, as far as the system has them. */
  fields?: readonly Field[];
  /** Milliseconds from one reading to the next, at least 10. Default: 60,000. */
  interval?: number;
  /** The name of this machine in the column `host`, and in the names of the files. Default: that of the system. */
  host?: string;
  /** A file ends before its readings take more bytes in the journal, uncompressed. It has one at least. Default: 64 MiB. */
  maxBytes?: number;
  /** A file ends when its first reading is so many milliseconds old. Default: an hour. */
  maxAge?: number;
  /** How many files of this host are left: the oldest are deleted. Default: all. */
  keep?: number;
  /** What these match in texts, such as command lines, becomes `[redacted]`. */
  redact?: readonly RegExp[];
  /**
   * Is called for each journal that is damaged, as soon as that is known: for what was left by a recording that died, before the
   * first reading. All are in `damaged` of the result too. If it throws, the recording ends with that error.
   */
  onDamaged?: (damaged: Damaged) => void;
  /** Ends the recording: the file is finished. */
  signal?: AbortSignal;
}

/** What a recording has written. */
export type Recorded = Readonly<Counts> & {
  /** Readings that were left out because the one before took longer than the interval. */
  readonly missed: number;
};

/** The fields that are recorded if none are named. */
export const DEFAULT_RECORDED = Object.freeze([
  'name',
  'cmdline',
  'username',
  'ppid',
  'state',
  'startTime',
  'cpuTimes',
  'memory',
  'threads',
  'fdCount',
  'cgroup',
  'containerId',
] as const) satisfies readonly Field[];

const OPTIONS = [
  'directory',
  'fields',
  'interval',
  'host',
  'maxBytes',
  'maxAge',
  'keep',
  'redact',
  'onDamaged',
  'signal',
] as const satisfies readonly (keyof RecordOptions)[];

/**
 * Records every process at regular intervals into Parquet files, until the signal aborts: then the file is finished, and what
 * has been written is returned. If something fails, such as the disk, it rejects; what was recorded up to then is kept, and
 * becomes a file when this host is next recorded into the directory.
 */
export async function record(client: Client, options: RecordOptions): Promise<Recorded> {
  if (typeof (client as Partial<Client> | undefined)?.scan !== 'function')
    throw invalidType('client', 'a client', client);
  checkOptions(options, OPTIONS);
  const { fields = DEFAULT_RECORDED.filter((field) => client.supports(field)) } = options;
  const interval = checkNumber('options.interval', options.interval ?? 60_000, 10, 2 ** 31 - 1);
  const signal = checkSignal(options.signal);
  const onDamaged = checkFunction('options.onDamaged', options.onDamaged) as RecordOptions['onDamaged'];
  const target = {
    kind: 'directory',
    directory: resolve(checkText('options.directory', options.directory)),
    host: checkText('options.host', options.host ?? hostname()),
    interval,
    maxBytes: checkInteger('options.maxBytes', options.maxBytes ?? 64 * 2 ** 20, 1, Number.MAX_SAFE_INTEGER),
    maxAge: checkNumber('options.maxAge', options.maxAge ?? 3_600_000, 1, Number.MAX_SAFE_INTEGER),
    keep: options.keep === undefined ? undefined : checkInteger('options.keep', options.keep, 1, 2 ** 31 - 1),
    redact: checkPatterns('options.redact', options.redact),
  } as const;
  // An empty table, so that names that are no fields are rejected before anything is written.
  await client.scan({ fields, pids: [] });
  await using thread = await WritingThread.open(target);
  let [missed, reported] = [0, 0];
  const report = ({ damaged }: Counts) => {
    while (reported < damaged.length) {
      const each = damaged[reported++] as Damaged;
      onDamaged?.(each);
    }
  };
  let failure: { readonly error: unknown } | undefined;
  try {
    report(thread.opened);
    for (let due = performance.now(); !isAborted(signal); ) {
      const time = Date.now();
      const table = await client.scan({ fields, ...(signal && { signal }) });
      report(await thread.append(partsOf(table) as TableParts, time, { transfers: true }));
      const late = Math.max(Math.ceil((performance.now() - due) / interval) - 1, 0);
      missed += late;
      due += (late + 1) * interval;
      await pause(Math.max(due - performance.now(), 0), undefined, signal && { signal });
    }
  } catch (error) {
    if (!isAbort(error, signal)) failure = { error };
  }
  try {
    const counts = await thread.close(true);
    report(counts);
    if (failure === undefined) return { ...counts, missed };
  } catch (error) {
    // The first failure says more.
    failure ??= { error };
  }
  throw failure.error;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Whether an error is only that the signal has aborted, and not the disk's. */
function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return isAborted(signal) && (error === signal?.reason || (error as NodeJS.ErrnoException).code === 'ABORT_ERR');
}
