import type { Field, Limits, ResourceName } from 'psutil-extra';
import { lacking } from '../../processes/abilities.js';
import { commOf, signalLine, stateOf } from '../../processes/proc.js';
import { Python } from '../../processes/python.js';
import { UNUSED_PID } from '../../processes/sleeper.js';
import { until } from '../../processes/until.js';
import type { Facts, Member, Promised, Truth, World } from '../world.js';

/** This machine: each process is a Python that runs the lines that it is sent. */
export class LinuxWorld implements World {
  readonly promised: Promised;
  readonly unusedPid = UNUSED_PID;
  readonly #made: Python[] = [];
  readonly #reserving: number[] = [];

  constructor(promised: Promised) {
    this.promised = promised;
  }

  get lacking(): World['lacking'] {
    return {
      recyclable: lacking.choiceOfPid,
      // Which files of /proc are refused hangs on users; test/contract/errors.test.ts and rlimit.test.ts change them.
      deny: [true, 'a process of the same user denies nothing on Linux'],
    };
  }

  async make(facts: Facts = {}): Promise<Member> {
    const python = await this.#python();
    const member = new LinuxMember(python, this.#reserving);
    await member.change(facts);
    // It has just answered: once it waits for the next line, its state no longer changes.
    await until('the process sleeps', () => stateOf(member.pid) === 'S');
    return member;
  }

  async own(): Promise<{ readonly pid: number; readonly limits: Truth['limits'] }> {
    // A child has its parent's limits.
    return { pid: process.pid, limits: await limitsOf(await this.#python()) };
  }

  async zombie(): Promise<number> {
    const python = await this.#python();
    const pid = await python.run<number>('zombie()');
    await python.until(`open("/proc/${pid}/stat").read().rpartition(")")[2].split()[0] == "Z"`);
    return pid;
  }

  async recyclable(): Promise<{ readonly pid: number; recycle(): Promise<boolean> }> {
    const python = await this.#python();
    const pid = await python.run<number>('fork(lambda: None)');
    return {
      pid,
      recycle: () => python.run<boolean>(`recycle(${pid})`),
    };
  }

  deny(_: Member, what: Field | 'set'): never {
    throw new Error(`nothing denies ${what} here`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#made.map((python) => python.end()));
    for (const pid of this.#reserving) process.kill(pid, 'SIGKILL');
  }

  async #python(): Promise<Python> {
    const python = await Python.start();
    this.#made.push(python);
    return python;
  }
}

class LinuxMember implements Member {
  readonly pid: number;
  readonly #python: Python;
  readonly #reserving: number[];
  #umask = 0o22;

  /** When it ends it leaves a process in `reserving`, which keeps its PID from being given to another. */
  constructor(python: Python, reserving: number[]) {
    this.#python = python;
    this.#reserving = reserving;
    this.pid = python.pid;
  }

  async truth(): Promise<Truth> {
    const python = this.#python;
    const [ppid, groups, pgid, sid] = await python.run<[number, number[], number, number]>(
      '[os.getppid(), os.getgroups(), os.getpgid(0), os.getsid(0)]',
    );
    const [uids, gids] = await python.run<[number[], number[]]>('[os.getresuid(), os.getresgid()]');
    return {
      name: commOf(this.pid) as string,
      ppid,
      uids: ids(uids),
      gids: ids(gids),
      groups,
      umask: this.#umask,
      pgid,
      sid,
      threads: await python.run<number>('len(os.listdir("/proc/self/task"))'),
      blocked: signalLine(this.pid, 'SigBlk'),
      ignored: signalLine(this.pid, 'SigIgn'),
      caught: signalLine(this.pid, 'SigCgt'),
      limits: await limitsOf(python),
    };
  }

  async change({ name, umask, blocked, ignored, caught, limits, leads }: Facts): Promise<void> {
    const python = this.#python;
    this.#umask = umask ?? this.#umask;
    await python.run(`os.umask(${this.#umask})`);
    if (name !== undefined) await python.run(`rename(${JSON.stringify(name)}.encode())`);
    if (leads === true) await python.run('os.setsid()');
    if (blocked)
      await python.run(
        `len(signal.pthread_sigmask(signal.SIG_SETMASK, [${blocked.map((signal) => `signal.${signal}`).join(', ')}]))`,
      );
    for (const signal of ignored ?? []) await python.run(`signal.signal(signal.${signal}, signal.SIG_IGN) and None`);
    for (const signal of caught ?? []) await python.run(`signal.signal(signal.${signal}, lambda *_: None) and None`);
    for (const [resource, { soft, hard }] of Object.entries(limits ?? {})) {
      await python.run(`resource.setrlimit(resource.${resource}, (${python3(soft)}, ${python3(hard)}))`);
    }
  }

  async end(): Promise<void> {
    this.#reserving.push(await this.#python.run<number>('reserve()'));
    await this.#python.end();
  }
}

async function limitsOf(python: Python): Promise<Truth['limits']> {
  const limits = await python.run<Partial<Record<ResourceName, [number, number]>>>(
    '{name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_") and name != "RLIMIT_OFILE"}',
  );
  return Object.fromEntries(
    Object.entries(limits).map(([name, [soft, hard]]): [string, Limits] => [
      name,
      { soft: limitOf(soft), hard: limitOf(hard) },
    ]),
  );
}

function limitOf(value: number): number {
  return value === -1 ? Number.POSITIVE_INFINITY : value;
}

function python3(limit: number): string {
  return limit === Number.POSITIVE_INFINITY ? 'resource.RLIM_INFINITY' : String(limit);
}

function ids([real, effective, saved]: number[]): Truth['uids'] {
  return { real: real as number, effective: effective as number, saved: saved as number };
}
