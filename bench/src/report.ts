import type { Deed } from './actors.js';
import { type ActPoint, type Book, kept, type Line, type Outcome } from './book.js';
import { LIBRARIES, PYTHON } from './libraries.js';
import type { Spread } from './measure.js';
import { DESCENDANTS } from './tree.js';

type Row = readonly string[];

/** The table of limits, for a terminal. */
export function limitsAsText(book: Book): string {
  const rows = [['', 'limit', 'measured', 'quartiles', ''], ...book.lines.map(limitRow)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Everything, as Markdown. `pictures` are the paths that it shows. */
export function asMarkdown(
  book: Book,
  machine: readonly string[],
  pictures: readonly string[],
  settings: string,
): string {
  const parts = [
    '# Results',
    '`npm run bench` writes this page. Each ratio is the median of ratios between runs that took turns, so variations of the machine affect both sides. The quartiles show the spread of the rounds.',
    'The method affects the results of calls. During their measurement a thread of the idle policy spins on each processor, so that no processor sleeps (native/awake.c). Without it, two threads that wake each other up wait for their processors. An awaited call then took 2.3 to 2.8 times its reference. Calls pinned to one processor need no such thread. The herd consists of programs of one page without a library (native/sleeper.c). The measured server uses the client that scans.',
    machine.map((line) => `- ${line}`).join('\n'),
    settings,
  ];
  if (book.lines.length > 0) {
    parts.push('## Limits', table(['', 'limit', 'measured', 'quartiles', ''], book.lines.map(limitRow)));
  }
  if (book.absolutes.length > 0) {
    const rows = book.absolutes.map(({ what, measured, unit }) => [
      what,
      `${number(measured.median)} ${unit}`,
      range(measured),
    ]);
    parts.push('## Times and sizes', table(['', 'median', 'quartiles'], rows));
  }
  if (book.scans.length > 0) parts.push('## A scan, µs a process', ...scanParts(book), ...shown(pictures, 'scan'));
  if (book.usages.length > 0) parts.push('## A scan of name, username, cpuTimes, memory and cmdline', usageTable(book));
  if (book.delays.length > 0)
    parts.push('## The event loop while scanning without pause', delayTable(book), ...shown(pictures, 'loop'));
  if (book.loads.length > 0) parts.push('## A Fastify server while scanning without pause', loadTable(book));
  if (book.acts.length > 0) {
    parts.push('## Acting', ACTING);
    for (const deed of DEEDS) parts.push(TITLES[deed], actTable(book.acts.filter((each) => each.deed === deed)));
  }
  if (book.samplers.length > 0) parts.push('## Sampling once a second', SAMPLING, samplerTable(book));
  return `${parts.join('\n\n')}\n`;
}

function limitRow(line: Line): string[] {
  const unit = line.unit === 'ratio' ? '' : ` ${line.unit}`;
  const limit = `${line.atLeast === true ? '≥' : '≤'} ${line.limit}${unit}`;
  return [line.what, limit, `${number(line.measured.median)}${unit}`, range(line.measured), kept(line) ? '✓' : '✗'];
}

function scanParts(book: Book): string[] {
  const sizes = [...new Set(book.scans.map(({ processes }) => processes))];
  const names = [...new Set(book.scans.map(({ library }) => library))];
  const rows = names.map((name) => [
    name,
    LIBRARIES.find((library) => library.name === name)?.reports ?? OTHERS[name] ?? '',
    ...sizes.map((size) => {
      const point = book.scans.find(({ library, processes }) => library === name && processes === size);
      return point === undefined ? '' : cell(point.outcome, (value) => number(value.median));
    }),
  ]);
  return [table(['', 'reports', ...sizes.map((size) => size.toLocaleString('en'))], rows)];
}

function usageTable(book: Book): string {
  const rows = book.usages.map(({ library, reports, install, outcome }) => {
    if (outcome.ok) {
      const { time, ratio } = outcome.value;
      return [library, reports, `${number(time.median)} µs`, number(ratio.median), range(ratio)];
    }
    return [library, reports, outcome.why === 'not installed' ? `not installed: \`${install}\`` : outcome.why, '', ''];
  });
  return table(['', 'reports', 'a process', 'beside the C floor', 'quartiles'], rows);
}

function delayTable(book: Book): string {
  const rows = book.delays.map(({ library, outcome }) => {
    if (!outcome.ok) return [library, cell(outcome, () => ''), '', '', ''];
    const { median, p99, worst, scans } = outcome.value;
    return [library, ...[median, p99, worst].map((value) => `${number(value)} ms`), number(scans)];
  });
  return table(['', 'median delay', 'p99', 'worst', 'scans a second'], rows);
}

function loadTable(book: Book): string {
  const rows = book.loads.map(({ scanning, outcome }) => {
    if (!outcome.ok) return [scanning, cell(outcome, () => ''), '', ''];
    const { requests, p99, scans } = outcome.value;
    return [
      scanning,
      Math.round(requests).toLocaleString('en'),
      requests === 0 ? 'none answered' : `${p99} ms`,
      scanning === 'nothing' ? '–' : number(scans),
    ];
  });
  return table(['scans by', 'requests a second', 'p99', 'scans a second'], rows);
}

function actTable(acts: readonly ActPoint[]): string {
  const rows = acts.map(({ library, does, outcome }) => {
    if (!outcome.ok) return [library, does, outcome.why, '', '', ''];
    const { time, ratio, p99 } = outcome.value;
    return [library, does, `${number(time.median)} ms`, number(ratio.median), range(ratio), `${number(p99.median)} ms`];
  });
  return table(['', 'does', 'time', 'beside the first', 'quartiles', 'event loop delay p99'], rows);
}

function samplerTable(book: Book): string {
  const rows = book.samplers.map(({ sampler, reports, install, outcome }) => {
    if (!outcome.ok) {
      return [
        sampler,
        reports,
        outcome.why === 'not installed' ? `not installed: \`${install}\`` : outcome.why,
        '',
        '',
      ];
    }
    const { time, ratio } = outcome.value;
    return [sampler, reports, `${number(time.median)} ms`, number(ratio.median), range(ratio)];
  });
  return table(['', 'reports', 'processor time a sample', 'beside the best of the others', 'quartiles'], rows);
}

function cell<T>(outcome: Outcome<T>, show: (value: T) => string): string {
  // The head of the page says how to install it.
  return outcome.ok ? show(outcome.value) : outcome.why;
}

/** Padded, as the formatter would have it. */
function table(head: Row, rows: readonly Row[]): string {
  const cells = [head, ...rows].map((row) => row.map((each) => each.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row) => `| ${row.map((each, column) => each.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first, ...rest] = cells.map(line);
  return [first, line(widths.map((width) => '-'.repeat(width))), ...rest].join('\n');
}

/** What each picture shows, for those who do not see it. */
const SHOWS = {
  scan: 'What a scan costs a process, for each way and number of processes',
  loop: 'How long events wait during scans without pause, for each way of scanning',
};

function shown(pictures: readonly string[], which: keyof typeof SHOWS): string[] {
  return pictures.filter((path) => path.includes(which)).map((path) => `![${SHOWS[which]}](${path})`);
}

function range({ low, high, count }: Spread): string {
  return `${number(low)}–${number(high)} (${count})`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

const DEEDS = ['list', 'find', 'kill'] as const;
const TITLES: Readonly<Record<Deed, string>> = {
  list: `### The descendants of a process that has ${DESCENDANTS}`,
  find: '### The processes called node',
  kill: `### Killing a process with ${DESCENDANTS} descendants, until all have ended`,
};
const ACTING =
  'Each library acts in a process of its own, in turn with the others; the delay is of events from another thread meanwhile, the p99 within each call and of all calls the largest. The times of a library that only sends signals include the end of the processes, too.';

const SAMPLING =
  'The processor time of a program that samples all processes once a second, in its steady state: of all its threads, and of the programs that it starts. Each runs by itself, in turn with the others.';

const OTHERS: Readonly<Record<string, string>> = {
  'C floor': 'nothing: reads `status` and 16 limits, parses neither',
  [PYTHON.name]: 'name, ppid, status, uids, gids, threads',
};
