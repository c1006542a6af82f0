import { paintFor } from '../colour.mjs';
import { jsonLines } from '../json.mjs';
import { print } from '../print.mjs';
import { lineWidth } from '../width.mjs';
import { arranged } from './arrangement.mjs';
import { tableOf } from './lines.mjs';
import type { Show } from './show.mjs';
import { summaryText } from './summary.mjs';

/** One table below the other, until the reader closes the pipe. */
export async function printTables({ samples, columns, view, count, hasHeads }: Show): Promise<void> {
  const { stdout, env } = process;
  let before = '';
  for await (const { summary, rows } of samples.read()) {
    const places = arranged(rows, view).slice(0, count);
    const table = tableOf(places, columns, lineWidth(stdout, env), paintFor(stdout, env), { ...view, hasHeads });
    const about = hasHeads ? [`${before}${summaryText(summary)}\n`] : [];
    if (!(await print([...about, ...table], stdout))) return;
    before = '\n';
  }
}

/** An object for each process of each sample, a line each, with these fields. */
export async function printObjects({ samples, view, count }: Show, fields: readonly string[]): Promise<void> {
  for await (const { summary, rows } of samples.read()) {
    const time = summary.at.getTime();
    const objects = arranged(rows, view)
      .slice(0, count)
      .map(({ row }) => ({
        time,
        pid: row.pid,
        ...Object.fromEntries(fields.map((field) => [field, row[field as keyof typeof row] ?? null])),
      }));
    if (!(await print(jsonLines(objects), process.stdout))) return;
  }
}
