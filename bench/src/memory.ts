import type { Bench } from './bench.js';
import { askSubject } from './child.js';
import { spread } from './measure.js';
import type { Memory } from './subject/memory.js';

/** What a scan of every field takes up beyond an idle client, and whether that grows from scan to scan. */
export async function memory({ herd, options, book }: Bench): Promise<void> {
  await herd.resize(options.sizes.at(-1) as number);
  const outcomes = [];
  for (let round = 0; round < options.turns; round++) {
    outcomes.push(await askSubject<Memory>('memory', [SCANS]));
  }
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed !== undefined && !failed.ok) throw new Error(`the memory of a scan: ${failed.why}`);
  const found = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const { processes, scans } = found[0] as Memory;
  const per30k = (pick: (memory: Memory) => number) =>
    spread(found.map((each) => (pick(each) * 30_000) / each.processes));
  const over = `${processes.toLocaleString('en')} processes`;
  book.lines.push(
    {
      what: `resident memory above an idle client with a scan of all fields in memory, for 30,000 processes (scaled from ${over})`,
      limit: 20,
      unit: 'MB',
      measured: per30k(({ rss }) => rss),
    },
    {
      what: `growth of resident memory over ${scans} scans of 2,000 processes, after the same number as warm-up`,
      limit: 2,
      unit: 'MB',
      measured: spread(found.map(({ growth }) => growth)),
    },
  );
  const unit = 'MB';
  book.absolutes.push(
    { what: 'peak of resident memory during that scan, scaled to 30,000', unit, measured: per30k(({ peak }) => peak) },
    { what: 'held by the table in buffers', unit, measured: per30k(({ external }) => external) },
    { what: 'held by the table in the JavaScript heap', unit, measured: per30k(({ heap }) => heap) },
  );
}

const SCANS = 100;
