import type { Bench } from './bench.js';
import { answerOf, startSubject } from './child.js';
import { quantile, spread } from './measure.js';
import type { Served } from './subject/metrics.js';

/** The exporter of metrics over the herd: how long a scrape takes, and what reading once a second does to its event loop. */
export async function metrics({ herd, options, book }: Bench): Promise<void> {
  await herd.resize(options.processes);
  const rounds: { readonly scrapes: readonly number[]; readonly served: Served }[] = [];
  for (let round = 0; round < options.turns; round++) rounds.push(await served(options.seconds));
  const ms = (pick: (round: (typeof rounds)[number]) => number) => spread(rounds.map(pick));
  book.lines.push(
    {
      what: 'metrics: a scrape beside a reading each second, p99',
      limit: 50,
      unit: 'ms',
      measured: ms(({ scrapes }) => quantile(scrapes, 0.99)),
    },
    {
      what: 'metrics: event loop delay p99 of the exporter meanwhile (`monitorEventLoopDelay`)',
      limit: 30,
      unit: 'ms',
      measured: ms(({ served: { delayP99 } }) => delayP99),
    },
    {
      what: 'metrics: resident memory of the exporter',
      limit: 200,
      unit: 'MB',
      measured: ms(({ served: { rss } }) => rss),
    },
  );
  book.absolutes.push(
    { what: 'metrics: a scrape, median', unit: 'ms', measured: ms(({ scrapes }) => quantile(scrapes, 0.5)) },
    { what: 'metrics: text of a scrape', unit: 'KB', measured: ms(({ served: { text } }) => text / 1000) },
    {
      what: 'metrics: processor time of the exporter for each second, of all threads',
      unit: 'ms',
      measured: ms(({ served: { busy } }) => busy),
    },
  );
}

/** Scrapes without pause for so long. */
async function served(seconds: number) {
  const child = startSubject('metrics', []);
  const answer = answerOf<Served>(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (data) => {
      const [found] = /http:\S+/.exec(String(data)) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', () => reject(new Error('the exporter has ended')));
  });
  const scrapes: number[] = [];
  const until = performance.now() + Math.max(SHORTEST_S, seconds) * 1000;
  while (performance.now() < until) {
    const began = performance.now();
    await (await fetch(url)).text();
    scrapes.push(performance.now() - began);
  }
  child.stdin?.end();
  const outcome = await answer;
  if (!outcome.ok) throw new Error(`the exporter: ${outcome.why}`);
  return { scrapes, served: outcome.value };
}

/** There are several readings among the scrapes. */
const SHORTEST_S = 4;
