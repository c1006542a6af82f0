import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/*
 * What /proc says of all processes of a name, read without the library.
 */

export function everyPid(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What ends meanwhile is not counted. */
export function pidsOf(name: string): number[] {
  return everyPid().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'latin1') === `${name}\n` && readlinkSync(`/proc/${pid}/exe`) !== '';
    } catch {
      return false;
    }
  });
}

/** Bytes. */
export function memory(name: string): number {
  return sum(name, (pid) => Number(status(pid, 'VmRSS')) * 1024);
}

export function descriptors(name: string): number {
  return sum(name, (pid) => readdirSync(`/proc/${pid}/fd`).length);
}

export function voluntarySwitches(name: string): number {
  return sum(name, (pid) => Number(status(pid, 'voluntary_ctxt_switches')));
}

/** The lowest. */
export function softLimit(name: string): number {
  const limits = pidsOf(name).map((pid) =>
    Number(/^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1]),
  );
  return Math.min(...limits);
}

export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function sum(name: string, of: (pid: number) => number): number {
  return pidsOf(name).reduce((total, pid) => total + of(pid), 0);
}

function status(pid: number, field: string): string | undefined {
  return new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}
