import type { WireRow } from '../src/wire.js';
import { limit, resourceName } from './values.js';

/** A picture and the same in words, for those who cannot see it. */
export interface Picture {
  readonly source: string;
  readonly words: string;
  readonly width: number;
  readonly height: number;
}

/** Masks as the wire has them: pending, blocked, ignored, caught. */
export interface Masks {
  readonly pending: bigint;
  readonly blocked: bigint;
  readonly ignored: bigint;
  readonly caught: bigint;
}

// Thousands of processes share a few dozen pictures: each is made once, and the browser decodes it once.
const made = new Map<string, Picture>();

export function masksOf(signals: string): Masks {
  const [pending = 0n, blocked = 0n, ignored = 0n, caught = 0n] = signals.split('.').map((mask) => BigInt(`0x${mask}`));
  return { pending, blocked, ignored, caught };
}

/** Sixty-four dots, four rows of sixteen. */
export function signalsPicture(signals: string, names: readonly string[]): Picture {
  return once(signals, () => {
    const masks = masksOf(signals);
    const dots = Array.from({ length: 64 }, (_, bit) => dot(masks, bit));
    return {
      source: svg(16 * PITCH, 4 * PITCH, dots.join('')),
      words: signalWords(masks, names),
      width: 16 * PITCH,
      height: 4 * PITCH,
    };
  });
}

/** `ignores SIGPIPE; catches SIGINT, SIGTERM`. */
export function signalWords(masks: Masks, names: readonly string[]): string {
  const parts = (
    [
      ['ignores', masks.ignored],
      ['blocks', masks.blocked],
      ['catches', masks.caught],
      ['waiting:', masks.pending],
    ] as const
  ).filter(([, mask]) => mask !== 0n);
  if (parts.length === 0) return 'leaves every signal as it is';
  return parts.map(([verb, mask]) => `${verb} ${namesIn(mask, names).join(', ')}`).join('; ');
}

export function namesIn(mask: bigint, names: readonly string[]): string[] {
  return names.filter((_, bit) => has(mask, bit));
}

/** A bar for each limit. */
export function limitsPicture(limits: NonNullable<WireRow['limits']>, resources: readonly string[]): Picture {
  return once(JSON.stringify(limits), () => {
    const width = limits.length * (BAR + GAP);
    const bars = limits.map(([soft, hard], index) => bar(index * (BAR + GAP) + 1, soft, hard));
    const words = limits.map(([soft, hard], index) => {
      const resource = resources[index] ?? '';
      const both = soft === hard ? limit(resource, soft) : `${limit(resource, soft)} of ${limit(resource, hard)}`;
      return `${resourceName(resource)}: ${both}`;
    });
    return { source: svg(width, HEIGHT, bars.join('')), words: words.join('\n'), width, height: HEIGHT };
  });
}

/** The place of a limit on a scale of powers of four up to 2 ** 40, from 0 to 1; without a limit, 1. */
export function height(value: number | null): number {
  return value === null ? 1 : Math.min(1, Math.log2(value + 1) / 40);
}

function bar(x: number, soft: number | null, hard: number | null): string {
  const top = (value: number | null) => HEIGHT - 1 - height(value) * (HEIGHT - 2);
  const bottom = HEIGHT - 1;
  const outline =
    hard === null ? `M${x} 0V${bottom}H${x + BAR}V0` : `M${x} ${bottom}V${top(hard)}H${x + BAR}V${bottom}z`;
  const fill = `<rect x="${x}" y="${top(soft)}" width="${BAR}" height="${Math.max(1, bottom - top(soft))}" fill="#3f83c9" opacity="${soft === null ? 0.35 : 0.9}"/>`;
  return `${fill}<path d="${outline}" fill="none" stroke="#8a929b" stroke-width="1"/>`;
}

function dot({ pending, blocked, ignored, caught }: Masks, bit: number): string {
  const x = (bit % 16) * PITCH + PITCH / 2;
  const y = Math.floor(bit / 16) * PITCH + PITCH / 2;
  const fill = has(ignored, bit) ? '#d9822b' : has(caught, bit) ? '#3f83c9' : '#8a929b';
  const plain = !has(ignored, bit) && !has(caught, bit);
  const ring = has(blocked, bit)
    ? `<circle cx="${x}" cy="${y}" r="2.3" fill="none" stroke="#8b5fbf" stroke-width="1.1"/>`
    : '';
  const core = has(pending, bit)
    ? `<circle cx="${x}" cy="${y}" r="2" fill="#d0453a"/>`
    : `<circle cx="${x}" cy="${y}" r="${plain ? 1.1 : 2}" fill="${fill}" opacity="${plain ? 0.45 : 1}"/>`;
  return core + ring;
}

function has(mask: bigint, bit: number): boolean {
  return ((mask >> BigInt(bit)) & 1n) === 1n;
}

function svg(across: number, down: number, content: string): string {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${across} ${down}">${content}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(text)}`;
}

function once(key: string, make: () => Picture): Picture {
  const known = made.get(key);
  if (known !== undefined) return known;
  const picture = make();
  // Pending signals come and go: those of the past must not pile up while the page is open for days.
  if (made.size >= MOST_KEPT) made.clear();
  made.set(key, picture);
  return picture;
}

const MOST_KEPT = 2000;
const PITCH = 6;
const BAR = 5;
const GAP = 4;
const HEIGHT = 24;
