import { readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Stands for the PID of this command until the proc filesystem is known: no process has it. */
export const SELF = -1;

/** The PID, or that of this command in a proc filesystem: in one of another namespace it has another number. */
export function resolved(pid: number, procRoot: string): number {
  if (pid !== SELF) return pid;
  return procRoot === '/proc' ? process.pid : Number(readlinkSync(join(procRoot, 'self')));
}
