/** A size in bytes as ls(1) writes it with `-h`: `812`, `12.5K`, `340M`. Units are powers of 1024. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.5 would be written as 1024.
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return String(bytes);
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed()}${UNITS[unit]}`;
}

/** The bytes of `512K`, `1.5G` or `1GiB`, as {@link sizeText} writes them; `undefined` where it is no such size. */
export function bytesOf(text: string): bigint | undefined {
  const [, whole = '', fraction = '', unit = ''] = /^(\d+)(?:\.(\d{1,6}))?([KMGTPE])(?:iB)?$/i.exec(text) ?? [];
  if (unit === '') return undefined;
  const size = 1024n ** BigInt('KMGTPE'.indexOf(unit.toUpperCase()) + 1);
  return BigInt(whole) * size + (BigInt(fraction.padEnd(6, '0')) * size) / 1_000_000n;
}

/** Processor time as ps(1) writes it with `aux`: minutes and seconds, `0:07` or `1204:33`. */
export function cpuTimeText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long ago something began, in its two largest units: `8s`, `12m30s`, `3h05m`, `41d07h`. */
export function ageText(began: number, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - began) / 1000));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit)) as [
    number,
    number,
    number,
  ];
  if (days > 0) return `${days}d${twoDigits(hours % 24)}h`;
  if (hours > 0) return `${hours}h${twoDigits(minutes % 60)}m`;
  return minutes > 0 ? `${minutes}m${twoDigits(seconds % 60)}s` : `${seconds}s`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

const UNITS = ['', 'K', 'M', 'G', 'T', 'P'] as const;
