import type { Bench } from './bench.js';
import { askSubject } from './child.js';
import { ratio, spread } from './measure.js';
import type { First } from './subject/first.js';

/** What a client's first call costs where many processors are visible, as they are in a small container on a large host. */
export async function first({ options, book }: Bench): Promise<void> {
  const ours: First[] = [];
  const bare: First[] = [];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await one('ours'));
    bare.push(await one('bare'));
  }
  const where = `with ${PROCESSORS} visible processors`;
  book.lines.push(
    {
      what: `time to a client’s first answer ${where} : to that of one bare thread`,
      limit: 4,
      unit: 'ratio',
      measured: ratio(times(ours), times(bare)),
    },
    {
      what: `resident memory that a client’s first answer takes ${where}`,
      limit: 40,
      unit: 'MB',
      measured: spread(ours.map(({ rss }) => rss)),
    },
  );
  book.absolutes.push(
    { what: `time to a client’s first answer ${where}`, unit: 'ms', measured: spread(times(ours)) },
    { what: 'threads started by then', unit: '', measured: spread(ours.map(({ threads }) => threads)) },
    { what: 'time to the first answer of one bare thread', unit: 'ms', measured: spread(times(bare)) },
    { what: 'resident memory that it takes', unit: 'MB', measured: spread(bare.map(({ rss }) => rss)) },
  );
}

function times(found: readonly First[]): number[] {
  return found.map(({ milliseconds }) => milliseconds);
}

async function one(who: 'ours' | 'bare'): Promise<First> {
  const outcome = await askSubject<First>('first', [who, PROCESSORS]);
  if (!outcome.ok) throw new Error(`the first answer: ${outcome.why}`);
  return outcome.value;
}

const PROCESSORS = 128;
