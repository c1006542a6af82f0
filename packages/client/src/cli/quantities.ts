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

/** Processor time as ps(1) writes it with `aux`: minutes and seconds, `0:07` or `1204:33`. */
export function cpuTimeText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** When something began, as ps(1) writes it with `aux`: `09:41` if that is today, `Nov28` of this year, or the year. */
export function startText(began: number, now: Date = new Date()): string {
  const start = new Date(began);
  if (start.toDateString() === now.toDateString())
    return `${twoDigits(start.getHours())}:${twoDigits(start.getMinutes())}`;
  if (start.getFullYear() !== now.getFullYear()) return String(start.getFullYear());
  return `${MONTHS[start.getMonth()]}${twoDigits(start.getDate())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

const UNITS = ['', 'K', 'M', 'G', 'T', 'P'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
