import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Client, FIELDS, type Field, type ProcessRow, type State, type TableField } from 'psutil-extra';
import { commandLineMatch, type NameMatch, nameMatch, patternFor } from './name-match.mjs';
import { OVERVIEW_NAMES, overviewColumn } from './overview.mjs';
import { resolved } from './self.mjs';
import { type Column, columnNamed, type Sortable } from './table-columns.mjs';
import { UsageError } from './usage-error.mjs';

/** Processes to print, in their order, and the fields to print of each. */
export interface Listing {
  readonly fields: readonly Field[];
  readonly rows: readonly ProcessRow[];
}

/** Which processes, and in what order. */
export interface Criteria {
  readonly sort?: readonly string[];
  readonly user?: readonly string[];
  readonly pid?: readonly number[];
  readonly state?: readonly State[];
  readonly name?: RegExp;
  readonly ignoreCase?: true;
  /** Whether the whole command line is searched for the name. */
  readonly full?: true;
  readonly procRoot: string;
}

/** Criteria that have been checked: their columns and users exist. */
export interface Selection {
  /** The fields that are needed for choosing and sorting, printed or not. */
  readonly needs: readonly Field[];
  /** Those that are named by their PIDs; `undefined` if none are. */
  readonly pids: readonly number[] | undefined;
  /** Whether processes are left out: then it may be that none is left. */
  readonly isChoice: boolean;
  from<R extends ProcessRow>(rows: Iterable<R>, client: Client): Promise<R[]>;
}

/** Checks criteria before anything is read. */
export async function selectionBy(criteria: Criteria): Promise<Selection> {
  const { sort = [], user = [], state: states, procRoot } = criteria;
  const match = matchOf(criteria);
  const pids = criteria.pid?.map((pid) => resolved(pid, procRoot));
  const keys = sort.map((each) => sortKey(each, scanned));
  const uids = new Set(await Promise.all(user.map(uidOf)));
  const needs = new Set(keys.flatMap(({ column: { field } }) => (field === 'pid' ? [] : [field])));
  if (uids.size > 0) needs.add('uids');
  if (states !== undefined) needs.add('state');
  for (const field of match?.needs ?? []) needs.add(field);
  const isChosen = ({ pid, uids: ids, state }: ProcessRow): boolean =>
    (pids === undefined || pids.includes(pid)) &&
    (uids.size === 0 || (ids !== null && uids.has(ids.effective))) &&
    (states === undefined || (state !== null && states.includes(state)));
  return {
    needs: [...needs],
    pids,
    isChoice: match !== undefined || pids !== undefined || uids.size > 0 || states !== undefined,
    async from(all, client) {
      const chosen = Array.from(all).filter(isChosen);
      const rows = match === undefined ? chosen : await match.among(chosen, client);
      return keys.length === 0 ? rows : rows.sort((a, b) => compareBy(keys, a, b));
    },
  };
}

/** What `--name` means, with the options that change that. */
function matchOf({ name, full, ignoreCase }: Criteria): NameMatch | undefined {
  if (full && name === undefined) throw new UsageError('--full searches for the pattern of --name, which is missing');
  const pattern = patternFor({ name, ignoreCase });
  if (pattern === undefined) return undefined;
  return full ? commandLineMatch(pattern) : nameMatch(pattern);
}

/** A column to sort by, and whether the smallest or the largest comes first. */
export interface SortKey<F extends TableField = Field> {
  readonly column: Column<F>;
  readonly sign: 1 | -1;
}

/** What `--sort` means by a word: `-` before a column is the largest first. */
export function sortKey<F extends TableField>(text: string, columns: Sortable<F>): SortKey<F> {
  const sign = text.startsWith('-') ? -1 : 1;
  const wanted = text.replace(/^[-+]/, '');
  const column = columns.named(wanted);
  if (column === undefined) {
    throw new UsageError(`--sort: unknown column '${wanted}'; valid columns are ${columns.names.join(', ')}`);
  }
  return { column, sign };
}

/** Values that could not be read come last, in either direction. */
export function compareBy<F extends TableField>(
  keys: readonly SortKey<F>[],
  a: ProcessRow<F>,
  b: ProcessRow<F>,
): number {
  for (const { column, sign } of keys) {
    const [x, y] = [column.key(a), column.key(b)];
    if (x === y) continue;
    if (x === null) return 1;
    if (y === null) return -1;
    return x < y ? -sign : sign;
  }
  return 0;
}

const scanned: Sortable = {
  // Columns that are a part of their field, or have a name of their own, come last.
  names: ['pid', ...FIELDS, 'blocked', 'ignored', 'caught', 'nofile', ...OVERVIEW_NAMES],
  named: (name) => columnNamed(name, FIELDS) ?? overviewColumn(name),
};

/** id(1) reads the system's user database, which need not be a file. */
async function uidOf(user: string): Promise<number> {
  if (/^\d+$/.test(user)) return Number(user);
  try {
    const { stdout } = await promisify(execFile)('id', ['-u', '--', user]);
    return Number(stdout);
  } catch {
    throw new UsageError(`--user: there is no user '${user}'`);
  }
}
