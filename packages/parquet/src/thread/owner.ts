import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface Owner {
  readonly pid: number;
  /** Of the thread that has the lock, and of no other one. */
  readonly id: string;
  /** When the process began, as the kernel counts: another process with its PID began later. */
  readonly start: string;
  /** The boot and the PID namespace in which that PID counts. */
  readonly boot: string;
  readonly namespace: string;
  /**
   * The name of its machine, and the number that systemd gives it, which is not that of another one of the same name. It is
   * empty where there is none, as in many containers.
   */
  readonly machine: string;
  readonly machineId: string;
  /** Milliseconds after which the lock would have been touched again. */
  readonly interval: number;
}

export function thisOwner(interval: number, id: string): Owner {
  return {
    pid: process.pid,
    id,
    start: startOf(process.pid) ?? '',
    boot: textOf('/proc/sys/kernel/random/boot_id') ?? '',
    namespace: linkOf('/proc/self/ns/pid') ?? '',
    machine: hostname(),
    machineId: machineIdOf(textOf('/etc/machine-id')),
    interval,
  };
}

/**
 * Whether the owner lives, as this one finds. Where its PID says nothing here, one that has not touched its lock for long does not.
 *
 * @param now the time by the clock that stamps the lock.
 */
export function isAlive(owner: Owner | undefined, here: Owner, lock: string, now: number): boolean {
  if (owner !== undefined && owner.machine === here.machine && owner.machineId === here.machineId) {
    const areKnown = owner.boot !== '' && here.boot !== '';
    const isSameBoot = owner.boot === here.boot && (areKnown || !hasBootNumbers());
    // Not in another container, where its PID is another process.
    if (isSameBoot && owner.namespace === here.namespace) return isRunning(owner);
    // Where machines have no number, another boot may be that of another machine.
    if (!isSameBoot && areKnown && owner.machineId !== '') return false;
  }
  const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && now - touched < staleAfter(owner);
}

/** machine-id(5): before the first boot of an image it is a word. */
function machineIdOf(text: string | undefined): string {
  return text === undefined || text === 'uninitialized' ? '' : text;
}

/** Milliseconds after which a lock that was not touched has no owner. */
export function staleAfter(owner: Owner | undefined): number {
  return 60_000 + 3 * (owner?.interval ?? 0);
}

/** Other systems number neither boots nor machines: a machine is its name there. */
function hasBootNumbers(): boolean {
  return process.platform === 'linux';
}

function isRunning({ pid, start }: Owner): boolean {
  const found = startOf(pid);
  if (found !== undefined || hasBootNumbers()) return found === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The 22nd field of proc_pid_stat(5). The name before it may have spaces and parentheses. A zombie writes no more. */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
