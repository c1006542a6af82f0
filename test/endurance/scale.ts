/** Whether this is the long run, `npm run test:endurance`, and not the short one within `npm test`. */
export const isLong = process.env['PSUTIL_EXTRA_ENDURANCE'] === 'long';

/** A number for the short run and one for the long. */
export function scaled(short: number, long: number): number {
  return isLong ? long : short;
}

/** How many seconds a run takes that may take longer: `PSUTIL_EXTRA_SECONDS` where that is set. */
export function seconds(short: number, long: number): number {
  return Number(process.env['PSUTIL_EXTRA_SECONDS'] ?? scaled(short, long));
}

/** Prints what was done, as docs/reliability.md quotes it. In the long run only. */
export function report(what: string): void {
  if (isLong) console.log(what);
}
