import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What other sources report of a process: procfs as this file parses it, ps(1) and prlimit(1). */

/** The command name, as Node decodes it; nothing where there is no such process. */
export function commOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').replace(/\n$/, '');
  } catch {
    return undefined;
  }
}

/** The command name and the state from one look: `'sleep S'`. */
export function commAndState(pid: number): string | undefined {
  try {
    const [, comm, state] = /\((.*)\) (.)[^)]*$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return `${comm} ${state}`;
  } catch {
    return undefined;
  }
}

/** The value of a line of `/proc/PID/status`, the last with that key: a process's name comes before the others. */
export function statusLine(pid: number, key: string): string | undefined {
  const lines = readFileSync(`/proc/${pid}/status`, 'latin1').split('\n');
  return lines
    .findLast((line) => line.startsWith(`${key}:`))
    ?.slice(key.length + 1)
    .trim();
}

/** A set of signals, as its line in `/proc/PID/status` has it. */
export function signalLine(pid: number, key: 'SigPnd' | 'ShdPnd' | 'SigBlk' | 'SigIgn' | 'SigCgt'): bigint {
  return BigInt(`0x${statusLine(pid, key)}`);
}

/** The numbers and letters behind the name in `/proc/PID/stat`; the first is the state. */
export function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .trimEnd()
      .split(' ');
  } catch {
    return undefined;
  }
}

export function stateOf(pid: number): string | undefined {
  return statOf(pid)?.[0];
}

/** The start in ticks since boot: the 22nd field of `/proc/PID/stat`. */
export function startTicks(pid: number): number {
  return Number(statOf(pid)?.[19]);
}

/** Now, as the starts of processes are counted. */
export function ticksSinceBoot(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 100;
}

/** Columns of ps(1) for a process, as it prints them. */
export function ps(pid: number, ...columns: string[]): string[] {
  const args = columns.flatMap((column) => ['-o', `${column}:20=`]);
  return execFileSync('ps', [...args, '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
}

/** A resource limit, as prlimit(1) reports it. `resource` is its option: `'nofile'`. */
export function prlimit(pid: number, resource: string): { soft: number; hard: number } {
  const args = ['--pid', String(pid), `--${resource}`, '--output', 'SOFT,HARD', '--noheadings', '--raw'];
  const [soft, hard] = execFileSync('prlimit', args, { encoding: 'utf8' }).trim().split(' ').map(limitOf);
  return { soft: soft as number, hard: hard as number };
}

function limitOf(text: string): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
}

/** Bytes of a size as the kernel writes it: `'12 kB'`. */
export function kilobytes(text: string | undefined): number {
  const number = /^\s*(\d+) kB$/.exec(text ?? '')?.[1];
  if (number === undefined) throw new Error(`not a size: ${text}`);
  return Number(number) * 1024;
}
