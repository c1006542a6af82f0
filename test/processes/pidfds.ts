import { readdirSync, readFileSync } from 'node:fs';

/** The PIDs that are in `/proc`. */
export function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Whether a process has a pidfd of another one, as it has while it waits for it. */
export function waitsFor(pid: number, other: number): boolean {
  const open = `/proc/${pid}/fdinfo`;
  const isOfOther = (fd: string) =>
    unlessGone(() => readFileSync(`${open}/${fd}`, 'utf8'))?.includes(`\nPid:\t${other}\n`);
  return unlessGone(() => readdirSync(open))?.some(isOfOther) ?? false;
}

/** What is read of a process, or of a descriptor, that may not be there any more. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
