import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';

/** What util-linux, Node and procfs report of how a process is scheduled, in their own words. */

export function niceOf(pid: number): string {
  return String(getPriority(pid));
}

/** `'best-effort: prio 3'` */
export function ionice(pid: number): string {
  return execFileSync('ionice', ['-p', String(pid)], { encoding: 'utf8' }).trim();
}

/** `'0,2'`, or `'0-3'` */
export function taskset(pid: number): string {
  const line = execFileSync('taskset', ['-pc', String(pid)], { encoding: 'utf8' });
  return line.slice(line.lastIndexOf(':') + 2).trim();
}

/** `'SCHED_RR 3'` */
export function chrt(pid: number): string {
  const lines = execFileSync('chrt', ['-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines
    .slice(0, 2)
    .map((line) => line.slice(line.lastIndexOf(':') + 2))
    .join(' ');
}

export function oomScoreAdjOf(pid: number): string {
  return readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim();
}

export function threadsOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map(Number);
}
