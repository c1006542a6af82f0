import { createClient, type TableField } from 'psutil-extra';
import { Accounts } from '../accounts.mjs';
import { Exit } from '../exit.mjs';
import { type Criteria, type SortKey, selectionBy, sortKey } from '../selection.mjs';
import { UsageError } from '../usage-error.mjs';
import { supportedFields, TopColumns } from './columns.mjs';
import { onScreen } from './on-screen.mjs';
import { printObjects, printTables } from './printed.mjs';
import { Samples } from './samples.mjs';
import { viewOf } from './view.mjs';

/** The options of the command. */
export interface TopCommand extends Criteria {
  readonly fields?: readonly string[];
  /** Seconds. */
  readonly interval: number;
  /** How many processes of each sample. */
  readonly limit?: number;
  readonly samples?: number;
  /** Whether a table has a line about all processes, and one of heads. */
  readonly headers: boolean;
  readonly tree?: true;
  readonly ndjson?: true;
}

/** Shows which processes are busy: on a terminal in place, with keys; elsewhere one table below the other, or as JSON. */
export async function top(command: TopCommand): Promise<number> {
  const { sort = ['-cpu'], full, ignoreCase, ...chosen } = command;
  const { fields: named, name, interval, procRoot, ndjson, tree } = chosen;
  const known = new TopColumns(new Accounts(procRoot));
  const order = sort.map((each): SortKey<TableField> => sortKey(each, known));
  // The whole command line may be shown without being searched.
  const selection = await selectionBy({
    ...chosen,
    ...(full && name !== undefined && { full }),
    ...(ignoreCase && { ignoreCase }),
  });
  await using client = createClient({ procRoot });
  const columns = named === undefined ? known.usual(client) : known.of(named);
  const printed = named ?? [...supportedFields(client), ...(full ? ['cmdline'] : [])];
  const isOnTerminal = process.stdout.isTTY && ndjson !== true;
  if (isOnTerminal && !command.headers) throw new UsageError('--no-headers is for output in a pipe');
  const fields = new Set<string>([
    ...printed,
    // Keys sort by all of them.
    ...supportedFields(client).filter((field) => isOnTerminal || (!ndjson && IN_TABLES.has(field))),
    ...order.map(({ column }) => column.field),
    ...selection.needs,
    'startTime',
  ]);
  // Command lines are read once, and not with every sample; the PID is there anyhow.
  const needsCommandLines = fields.delete('cmdline') || full === true;
  fields.delete('pid');
  const sampled = {
    client,
    fields: [...fields] as TableField[],
    selection,
    interval: Math.round(interval * 1000),
    count: command.samples ?? Number.POSITIVE_INFINITY,
    needsCommandLines,
  };
  const samples = new Samples(sampled);
  const show = {
    samples,
    columns,
    view: viewOf({ order, isTree: tree === true, isFull: full === true, filter: '' }),
    count: command.limit,
    hasHeads: command.headers,
  };
  if (ndjson) await printObjects(show, printed);
  else if (isOnTerminal) await onScreen({ ...show, client, known });
  else await printTables(show);
  return selection.isChoice && !samples.hasMatched && !isOnTerminal ? Exit.nothing : Exit.ok;
}

/** What every table needs: for its summary, and for a tree. */
const IN_TABLES: ReadonlySet<TableField> = new Set<TableField>(['cpuPercent', 'ppid']);
