import type { Client, Field, ProcessTable } from 'psutil-extra';
import { optionalPackage } from './optional-package.mjs';

/** What the command takes of @psutil-extra/parquet, which imports this package: so that its types are not imported here. */
interface ParquetPackage {
  readonly writeParquet: (
    file: string,
    table: ProcessTable,
    options: {
      readonly fields: readonly Field[];
      readonly rows: readonly number[];
      readonly redact: readonly RegExp[];
      readonly signal: AbortSignal;
    },
  ) => Promise<unknown>;
  readonly record: (client: Client, options: object) => Promise<RecordedCounts>;
}

/** What a recording has written. */
export interface RecordedCounts {
  readonly readings: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly recovered: number;
  readonly damaged: readonly DamagedJournal[];
  readonly missed: number;
}

export interface DamagedJournal {
  readonly journal: string;
  readonly reason: string;
}

/** The package that writes Parquet. */
export async function parquetPackage(askedBy: string): Promise<ParquetPackage> {
  return (await optionalPackage('@psutil-extra/parquet', askedBy)) as ParquetPackage;
}
