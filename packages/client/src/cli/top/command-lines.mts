import type { Client } from 'psutil-extra';
import { MAIN_THREAD } from '../name-match.mjs';
import type { Row } from './columns.mjs';

/**
 * The command lines of processes. Another process may hold the reader of one, so each is read once, and not with every sample: again
 * only if the name has changed, or while the process is so young that it may execute another program of the same name.
 */
export class CommandLines {
  readonly #client: Pick<Client, 'scan' | 'supports'>;
  readonly #known = new Map<number, Known>();

  constructor(client: Pick<Client, 'scan' | 'supports'>) {
    this.#client = client;
  }

  /** Adds their command lines to rows: to all, or else to those of Node.js programs, whose name says nothing. */
  async addTo(rows: readonly Row[], toAll: boolean): Promise<void> {
    const unknown: Row[] = [];
    for (const row of rows) {
      if (!toAll && row.name !== MAIN_THREAD) continue;
      row.cmdline = null;
      const known = this.#known.get(row.pid);
      if (known?.startTime === row.startTime && known.name === row.name) row.cmdline = known.cmdline;
      else unknown.push(row);
    }
    if (unknown.length === 0 || !this.#client.supports('cmdline')) return;
    const table = await this.#client.scan({ fields: ['cmdline', 'startTime'], pids: unknown.map(({ pid }) => pid) });
    const old = Date.now() - YOUNG_MS;
    for (const row of unknown) {
      const { pid, startTime, name } = row;
      const read = table.get(pid);
      if (read?.startTime === startTime) row.cmdline = read.cmdline;
      if (startTime !== null && startTime < old) this.#known.set(pid, { startTime, name, cmdline: row.cmdline });
    }
  }

  /** Forgets processes that have ended. */
  forget(pids: Iterable<number>): void {
    for (const pid of pids) this.#known.delete(pid);
  }
}

interface Known {
  readonly startTime: number;
  readonly name: string | null;
  readonly cmdline: string[] | null;
}

const YOUNG_MS = 5000;
