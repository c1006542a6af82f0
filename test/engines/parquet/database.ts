import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** DuckDB, in a folder in which the documents' relative paths are found. */
export class Database implements Disposable {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(folder: string): Promise<Database> {
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`SET file_search_path = '${folder}'`);
    return new Database(connection);
  }

  /** The rows of the last of some statements. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    let rows: Record<string, unknown>[] = [];
    for (const statement of sql.split(';').filter((each) => each.trim() !== '')) {
      rows = (await this.#connection.runAndReadAll(statement)).getRowObjectsJS();
    }
    return rows;
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
  }
}
