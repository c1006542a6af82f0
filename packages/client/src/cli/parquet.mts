import type { Client, Field, ProcessTable } from 'psutil-extra';

/** What the command takes of @psutil-extra/parquet, which imports this package: so that its types are not imported here. */
interface ParquetPackage {
  readonly writeParquet: (
    file: string,
    table: ProcessTable,
    options: {
      readonly fields: readonly Field[];
      readonly rows: readonly number[];
      readonly redact: readonly RegExp[];
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
  readonly missed: number;
}

/** The package that writes Parquet. It brings WebAssembly, and most users never need it: it is an optional peer. */
export async function parquetPackage(asked: string): Promise<ParquetPackage> {
  try {
    return (await import(NAME)) as ParquetPackage;
  } catch (error) {
    // Another error if it is installed, and one of its own dependencies is missing.
    if (!(error as Error).message.includes(`'${NAME}'`)) throw error;
    throw new Error(
      `${asked} needs the package ${NAME}, which is not installed: npm install ${NAME} (with npx: npx -p psutil-extra -p ${NAME} psutil-extra …)`,
      { cause: error },
    );
  }
}

// Not a literal: the compiler would look for it, and it is compiled after this package.
const NAME: string = '@psutil-extra/parquet';
