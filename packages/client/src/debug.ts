import { subscribe } from 'node:diagnostics_channel';
import type { CallEvent, ReadEvent } from './tracing.js';

let isOn = false;

/**
 * With `DEBUG=psutil-extra` in the environment, as many packages have it (several names separated by commas, `*` for
 * any text), tells on stderr of every call and every read. Once for all clients.
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

/** `psutil-extra` is both channels, `psutil-extra:read` one of them. */
function isAsked(name: string, debug: string): boolean {
  return debug.split(/[\s,]+/).some((wanted) => {
    const pattern = wanted
      .split('*')
      .map((part) => part.replaceAll(/[^\w:-]/g, '\\$&'))
      .join('.*');
    return wanted !== '' && new RegExp(`^${pattern}(?::.*)?$`).test(name);
  });
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
