import { subscribe } from 'node:diagnostics_channel';
import type { CallEvent, ReadEvent } from './tracing.js';

let isOn = false;

/**
 * With `DEBUG=psutil-extra` in the environment, a convention of many packages, writes a line to stderr for every call and
 * every read. Called once for each client that is used, it subscribes once.
 */
export function debugIfAsked(env: NodeJS.ProcessEnv): void {
  if (isOn || env['DEBUG'] === undefined) return;
  for (const [name, line] of CHANNELS) {
    if (!isAsked(name, env['DEBUG'])) continue;
    isOn = true;
    subscribe(name, (event) => process.stderr.write(`${name.replace(':', ' ')} ${line(event)}\n`));
  }
}

const CHANNELS: readonly (readonly [string, (event: unknown) => string])[] = [
  ['psutil-extra:call', (event) => callLine(event as CallEvent)],
  ['psutil-extra:read', (event) => readLine(event as ReadEvent)],
];

/** The names of each channel: its own, and that of the package. */
const NAMES_OF: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  CHANNELS.map(([name]) => [name, [name, name.split(':')[0] as string]]),
);

/**
 * Reads the variable as the package `debug` does: names separated by commas or spaces, `*` for any text, and `-` before
 * names that are left out. `psutil-extra` is both channels, `psutil-extra:read` is one of them.
 */
function isAsked(name: string, debug: string): boolean {
  let isNamed = false;
  for (const wanted of debug.split(/[\s,]+/)) {
    if (wanted === '') continue;
    const isExcluded = wanted.startsWith('-');
    const pattern = isExcluded ? wanted.slice(1) : wanted;
    if (!NAMES_OF[name]?.some((each) => matches(each, pattern))) continue;
    if (isExcluded) return false;
    isNamed = true;
  }
  return isNamed;
}

/** Whether a text is a pattern with stars, in at most as many steps as the product of their lengths. */
function matches(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  // The last star, and where the text continues after what the star stands for.
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern++;
      resume = at;
    } else if (pattern[inPattern] === text[at]) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

function callLine({ method, pid, elapsed, cached, by, error }: CallEvent): string {
  const subject = pid === undefined ? method : `${method} of ${pid}`;
  const outcome = error === undefined ? '' : `, ${error instanceof Error ? error.name : 'aborted'}`;
  return `${subject}: ${milliseconds(elapsed)}${cached ? ', cached' : ''}${outcome}${by === undefined ? '' : `, by ${by}`}`;
}

function readLine({ op, processes, fields, reads, reading, elapsed, ok }: ReadEvent): string {
  const sources = Object.entries(reads).map(([source, count]) => `${count} × ${source}`);
  return [
    `${op}${fields.length === 0 ? '' : ` of ${processes}: ${fields.join(' ')}`}`,
    ...(sources.length === 0 ? [] : [`by ${sources.join(', ')}`]),
    `${milliseconds(elapsed)}${reading === undefined ? '' : ` (reading ${milliseconds(reading)})`}`,
    ...(ok ? [] : ['failed']),
  ].join('; ');
}

function milliseconds(time: number): string {
  return `${time.toFixed(2)} ms`;
}
