import { bytes, duration } from './values.js';

/** A scale from left to right, on which limits of one unit have their places. The last mark is "no limit". */
export interface Scale {
  readonly heading: string;
  readonly resources: readonly string[];
  readonly marks: readonly { readonly at: number; readonly text: string }[];
  /** From 0 to 1. */
  readonly place: (value: number | null) => number;
  readonly text: (value: number) => string;
}

/** Where the finite values begin and end: zero is left of them, and right of them is no limit. */
const LEFT = 0.03;
const END = 0.88;
const NO_LIMIT = { at: 1, text: 'no limit' } as const;

export const SCALES: readonly Scale[] = [
  logarithmic({
    heading: 'Numbers: each mark ten times the one before',
    resources: ['RLIMIT_NOFILE', 'RLIMIT_NPROC', 'RLIMIT_SIGPENDING', 'RLIMIT_LOCKS'],
    marks: [
      [1, '1'],
      [10, '10'],
      [100, '100'],
      [1e3, '1 k'],
      [1e4, '10 k'],
      [1e5, '100 k'],
      [1e6, '1 M'],
      [1e7, '10 M'],
    ],
    text: (value) => value.toLocaleString('en'),
  }),
  logarithmic({
    heading: 'Sizes: each mark 32 times the one before',
    resources: [
      'RLIMIT_AS',
      'RLIMIT_DATA',
      'RLIMIT_STACK',
      'RLIMIT_CORE',
      'RLIMIT_FSIZE',
      'RLIMIT_MEMLOCK',
      'RLIMIT_RSS',
      'RLIMIT_MSGQUEUE',
    ],
    marks: [
      [2 ** 10, '1 KiB'],
      [2 ** 15, '32 KiB'],
      [2 ** 20, '1 MiB'],
      [2 ** 25, '32 MiB'],
      [2 ** 30, '1 GiB'],
      [2 ** 35, '32 GiB'],
      [2 ** 40, '1 TiB'],
    ],
    text: bytes,
  }),
  logarithmic({
    heading: 'Processor time: each mark sixty times the one before',
    resources: ['RLIMIT_CPU', 'RLIMIT_RTTIME'],
    marks: [
      [1e-3, '1 ms'],
      [0.06, '60 ms'],
      [3.6, '3.6 s'],
      [216, '3.6 min'],
      [12_960, '3.6 h'],
    ],
    text: (value) => (value < 1 ? `${value * 1000} ms` : duration(value)),
  }),
  {
    heading: 'Priorities',
    resources: ['RLIMIT_NICE', 'RLIMIT_RTPRIO'],
    marks: [...[0, 20, 40, 60, 80, 100].map((value) => ({ at: (value / 100) * END, text: String(value) })), NO_LIMIT],
    place: (value) => (value === null ? 1 : Math.min(1, value / 100) * END),
    text: String,
  },
];

function logarithmic({
  marks,
  ...rest
}: Omit<Scale, 'marks' | 'place'> & { readonly marks: readonly (readonly [value: number, text: string])[] }): Scale {
  const [first, last] = [marks[0]?.[0] ?? 1, marks.at(-1)?.[0] ?? 1].map(Math.log2) as [number, number];
  // Nought and all that is less than the first mark are at its left.
  const place = (value: number | null): number => {
    if (value === null) return 1;
    if (value <= 0) return 0;
    return LEFT + Math.max(0, Math.min(1, (Math.log2(value) - first) / (last - first))) * (END - LEFT);
  };
  return { ...rest, place, marks: [...marks.map(([value, text]) => ({ at: place(value), text })), NO_LIMIT] };
}
