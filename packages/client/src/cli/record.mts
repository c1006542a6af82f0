import { createClient } from 'psutil-extra';
import { counted } from './counted.mjs';
import { atEndingSignal } from './ending-signals.mjs';
import { escapeMessage } from './escape.mjs';
import { type DamagedJournal, parquetPackage } from './parquet.mjs';
import { ageText, sizeText } from './quantities.mjs';
import { UsageError } from './usage-error.mjs';

/** The command line of `psutil-extra record`. */
export interface RecordCommand {
  readonly fields?: readonly string[];
  /** Seconds. */
  readonly interval: number;
  readonly host?: string;
  /** Bytes. */
  readonly maxSize: number;
  /** Seconds. */
  readonly maxAge: number;
  readonly keep?: number;
  readonly redact?: readonly RegExp[];
  readonly procRoot: string;
}

/** Records every process into the files of a directory, until a signal ends it: then the file is finished, and that is success. */
export async function record(directory: string, command: RecordCommand): Promise<void> {
  const { fields, interval, host, maxSize, maxAge, keep, redact, procRoot } = command;
  if (maxAge < interval) throw new UsageError('--max-age is less than --interval: a file would have no reading');
  const { record: start } = await parquetPackage('record');
  await using client = createClient({ procRoot, source: 'procfs' });
  const end = new AbortController();
  // Until the process ends: the same ^C may come again when all is written.
  atEndingSignal(() => end.abort());
  process.stderr.write(`recording into ${escapeMessage(directory)} every ${interval} s; ^C ends it\n`);
  const began = Date.now();
  const { readings, rows, files, bytes, recovered, damaged, missed } = await start(client, {
    directory,
    interval: interval * 1000,
    maxBytes: maxSize,
    maxAge: maxAge * 1000,
    signal: end.signal,
    // At once: to its end may be weeks.
    onDamaged: ({ journal, reason }: DamagedJournal) => {
      process.stderr.write(`${escapeMessage(`${journal} is damaged: ${reason}`)}\n`);
    },
    ...(fields && { fields }),
    ...(host === undefined ? {} : { host }),
    ...(keep === undefined ? {} : { keep }),
    ...(redact && { redact }),
  });
  const said = [
    `${counted(readings, 'reading')} of ${counted(rows, 'row')} in ${counted(files, 'file')}, ${sizeText(bytes)}, after ${ageText(began)}`,
    ...(recovered > 0 ? [`${counted(recovered, 'file')} of an interrupted recording completed`] : []),
    ...(damaged.length > 0 ? [`${counted(damaged.length, 'journal')} damaged, named above`] : []),
    ...(missed > 0 ? [`${counted(missed, 'reading')} missed: to read took longer than the interval`] : []),
  ];
  process.stderr.write(`${said.join('; ')}\n`);
}
