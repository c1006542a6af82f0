import { mkdirSync, writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Book } from './book.js';
import { LIBRARIES, PYTHON } from './libraries.js';

/** Draws what the book holds; the names of the files, beneath `directory`. */
export function draw(book: Book, directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  const drawn: string[] = [];
  const write = (name: string, svg: string) => {
    writeFileSync(`${directory}/${name}`, svg);
    drawn.push(name);
  };
  if (book.scans.length > 0) write('scan.svg', scans(book));
  if (book.delays.length > 0) write('loop.svg', delays(book));
  return drawn;
}

/** µs a process over the number of processes, a line a library. */
function scans(book: Book): string {
  const points = book.scans.flatMap(({ library, processes, outcome }) =>
    outcome.ok ? [{ library, processes, ...outcome.value }] : [],
  );
  const dead = book.scans.filter(({ outcome }) => !outcome.ok && outcome.why.startsWith('dead'));
  // Where a library dies, its line ends in a cross at the height where it was last.
  const crosses = dead.flatMap(({ library, processes }) => {
    const last = points.findLast((point) => point.library === library);
    return last === undefined ? [] : [{ library, processes, median: last.median }];
  });
  const sizes = [...new Set(book.scans.map(({ processes }) => processes))];
  return render(
    Plot.plot({
      ...FRAME,
      width: 860,
      height: 520,
      marginTop: 60,
      marginLeft: 60,
      marginRight: 200,
      marginBottom: 50,
      x: {
        type: 'log',
        label: 'processes',
        labelAnchor: 'center',
        ticks: sizes,
        tickFormat: (size: number) => size.toLocaleString('en'),
      },
      y: { type: 'log', label: null, grid: true, tickFormat: (value: number) => String(value) },
      color: COLOR,
      marks: [
        Plot.line(points, { x: 'processes', y: 'median', stroke: 'library', strokeWidth: 2 }),
        Plot.dot(points, { x: 'processes', y: 'median', fill: 'library', r: 3.5 }),
        Plot.dot(crosses, { x: 'processes', y: 'median', stroke: 'library', symbol: 'times', r: 6, strokeWidth: 2 }),
        Plot.text(crosses, { x: 'processes', y: 'median', text: () => 'dies', fill: 'library', dy: -14 }),
        Plot.text(apart(ends(points)), {
          x: 'processes',
          y: 'height',
          text: 'library',
          fill: 'library',
          textAnchor: 'start',
          dx: 12,
        }),
      ],
    }),
    'What a scan costs a process, in microseconds',
  );
}

/** How long an event waits while each library scans: from the median over the 99th percentile to the worst. */
function delays(book: Book): string {
  const bars = book.delays.flatMap(({ library, outcome }) => (outcome.ok ? [{ library, ...outcome.value }] : []));
  const dead = book.delays.flatMap(({ library, outcome }) => (outcome.ok ? [] : [{ library, why: outcome.why }]));
  const least = Math.min(...bars.map(({ median }) => median));
  return render(
    Plot.plot({
      ...FRAME,
      width: 860,
      height: 120 + book.delays.length * 40,
      marginTop: 45,
      marginLeft: 170,
      marginRight: 60,
      marginBottom: 50,
      x: {
        type: 'log',
        label: 'ms: median, 99th percentile (dot), worst',
        labelAnchor: 'center',
        grid: true,
        tickFormat: (value: number) => String(value),
      },
      y: { label: null, domain: book.delays.map(({ library }) => library), tickSize: 0 },
      color: COLOR,
      marks: [
        Plot.ruleY(bars, {
          y: 'library',
          x1: 'median',
          x2: 'worst',
          stroke: 'library',
          strokeWidth: 3,
          strokeOpacity: 0.35,
        }),
        Plot.tickX(bars, { y: 'library', x: 'median', stroke: 'library', strokeWidth: 2, inset: 8 }),
        Plot.tickX(bars, { y: 'library', x: 'worst', stroke: 'library', strokeWidth: 2, inset: 8 }),
        Plot.dot(bars, { y: 'library', x: 'p99', fill: 'library', r: 6 }),
        Plot.text(bars, {
          y: 'library',
          x: 'p99',
          text: ({ p99 }: { p99: number }) => `${Number(p99.toPrecision(2))} ms`,
          dy: -14,
        }),
        Plot.text(dead, { y: 'library', x: () => least, text: 'why', textAnchor: 'start', fill: '#b00' }),
      ],
    }),
    'How long an event waits while a library scans without pause',
  );
}

/** The last point of each library's line. */
function ends(points: readonly { library: string; median: number; processes: number }[]) {
  const farthest = Math.max(...points.map(({ processes }) => processes));
  return [...new Map(points.map((point) => [point.library, point])).values()]
    .map(({ library, median }) => ({ library, processes: farthest, height: median }))
    .toSorted((a, b) => a.height - b.height);
}

/** Moves names upwards until no two overlap, on a logarithmic axis. */
function apart<P extends { height: number }>(names: readonly P[]): P[] {
  let least = 0;
  return names.map((name) => {
    const height = Math.max(name.height, least);
    least = height * LABEL_STEP;
    return { ...name, height };
  });
}

function render(plot: { outerHTML: string }, title: string): string {
  // Plot's second height is for an old browser; a linter takes it for a slip.
  const text = plot.outerHTML.replace('  height: intrinsic;\n', '');
  const at = text.indexOf('>') + 1;
  const open = text.slice(0, at).replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg" role="img"');
  return `${open}<title>${title}</title><rect width="100%" height="100%" fill="white"/><text x="12" y="24" text-anchor="start" font-size="16" font-weight="600">${title}</text>${text.slice(at)}\n`;
}

/** Ours stand out, the floor is grey, every peer has its own. */
const COLORS = [
  '#777777',
  '#d62728',
  '#000000',
  '#ff7f0e',
  '#1f77b4',
  '#2ca02c',
  '#9467bd',
  '#8c564b',
  '#e377c2',
  '#17becf',
  '#a09f1f',
];
const COLOR = { domain: ['C floor', ...LIBRARIES.map(({ name }) => name), PYTHON.name], range: COLORS };
const LABEL_STEP = 1.22;

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const FRAME = {
  document,
  style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px', background: 'white' },
} as const;
