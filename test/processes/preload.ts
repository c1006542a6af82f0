/**
 * What a program that a test starts finds in its environment. Under a sanitizer (`npm run test:asan`) its library is in
 * this process before Node is; that is for Node alone: Python, strace and others may hang under it, or complain of
 * themselves. A Node that another program becomes has neither the library nor the addon that needs it.
 */
export function environmentOf(program: string): NodeJS.ProcessEnv {
  const { [PRELOAD]: preload, ...environment } = process.env;
  if (preload === undefined) return process.env;
  if (program === process.execPath) return { ...environment, LD_PRELOAD: preload };
  const { PSUTIL_EXTRA_ADDON: _, ...others } = environment;
  return others;
}

/** Keeps the library from those that are started from here on. */
export function withholdPreload(): void {
  const { LD_PRELOAD: preload } = process.env;
  if (preload === undefined) return;
  process.env[PRELOAD] = preload;
  delete process.env['LD_PRELOAD'];
}

const PRELOAD = 'PSUTIL_EXTRA_PRELOAD';
