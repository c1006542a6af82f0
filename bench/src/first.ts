import type { Bench } from './bench.js';
import { AS_USUAL, askModule, askSubject, COLLECTING } from './child.js';
import { compile } from './compile.js';
import { ratio, spread } from './measure.js';
import type { First } from './subject/first.js';
import type { Start } from './subject/start.js';

/** What a client's first call costs where many processors are visible, as they are in a small container on a large host. */
export async function first({ options, book }: Bench): Promise<void> {
  const ours: First[] = [];
  const bare: First[] = [];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await one('ours'));
    bare.push(await one('bare'));
  }
  await starts({ options, book });
  const where = `with ${PROCESSORS} visible processors`;
  book.lines.push(
    {
      what: `time to a client’s first answer ${where} / that of one bare thread`,
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

function times(found: readonly { readonly milliseconds: number }[]): number[] {
  return found.map(({ milliseconds }) => milliseconds);
}

/** The same from the import on, with one thread. */
async function starts({ options, book }: Pick<Bench, 'options' | 'book'>): Promise<void> {
  const addon = compile('empty');
  const ours: Start[] = [];
  const pool: Start[] = [];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await start('ours', addon));
    pool.push(await start('pool', addon));
  }
  const what = 'a client of one thread, from the import to the first answer';
  book.lines.push(
    {
      what: `${what} : a bare piscina pool whose thread loads an empty addon`,
      limit: 1.3,
      unit: 'ratio',
      measured: ratio(times(ours), times(pool)),
    },
    {
      what: 'resident memory of a client of one thread beyond Node',
      limit: 15,
      unit: 'MB',
      measured: spread(ours.map(({ rss }) => rss)),
    },
  );
  book.absolutes.push(
    { what, unit: 'ms', measured: spread(times(ours)) },
    { what: 'that pool, from the import to the first answer', unit: 'ms', measured: spread(times(pool)) },
    { what: 'resident memory of that pool beyond Node', unit: 'MB', measured: spread(pool.map(({ rss }) => rss)) },
    {
      what: 'what of the client’s is anonymous memory, not pages of files',
      unit: 'MB',
      measured: spread(ours.map(({ anonymous }) => anonymous)),
    },
    {
      what: 'what of the pool’s is anonymous memory',
      unit: 'MB',
      measured: spread(pool.map(({ anonymous }) => anonymous)),
    },
  );
}

async function start(who: 'ours' | 'pool', addon: string): Promise<Start> {
  const outcome = await askModule<Start>('start', [who, addon]);
  if (!outcome.ok) throw new Error(`the start of ${who}: ${outcome.why}`);
  return outcome.value;
}

async function one(who: 'ours' | 'bare'): Promise<First> {
  const timed = await askSubject<First>('first', [who, PROCESSORS], AS_USUAL);
  const weighed = await askSubject<First>('first', [who, PROCESSORS], COLLECTING);
  if (!timed.ok) throw new Error(`the first answer: ${timed.why}`);
  if (!weighed.ok) throw new Error(`the first answer: ${weighed.why}`);
  return { ...weighed.value, milliseconds: timed.value.milliseconds };
}

const PROCESSORS = 128;
