import type { Client, Field, State } from 'psutil-extra';
import type { ProcessGroups } from '../../packages/metrics/dist/index.js';

/** A process of a simulated system. */
export interface Simulated {
  pid: number;
  startTime: number;
  name: string;
  ppid: number;
  state: State;
  threads: number;
  cpuTimes: { user: number; system: number };
  memory: { rss: number; vms: number };
  pageFaults: { minor: number; major: number };
  contextSwitches: { voluntary: number; involuntary: number };
  /** `null`: this user may not read it. */
  io: { readBytes: number; writeBytes: number } | null;
  cmdline: string[];
  exe: string | null;
  exeDeleted: boolean | null;
  username: string;
  cgroup: string | null;
  containerId: string | null;
  fdCount: number | null;
  rlimits: { RLIMIT_NOFILE: { soft: number; hard: number } };
  oomScore: number | null;
}

/** A system of which a test decides what happens, and when it is read. */
export class World {
  readonly processes = new Map<number, Simulated>();
  /** How often processes were read, and which PIDs by name. */
  scans: { readonly fields: readonly string[]; readonly pids: readonly number[] | undefined }[] = [];
  samplers = 0;
  /** What the next reading fails with. */
  failure: Error | undefined;
  /** What the next scan of some processes alone fails with. */
  failureOfFacts: Error | undefined;
  /** How many samplers have not ended. */
  active = 0;
  #wake = () => {};
  #ticks = 0;
  #lastPid = 100;

  /** Starts a process. */
  start(given: Partial<Simulated> = {}): Simulated {
    const pid = given.pid ?? ++this.#lastPid;
    const made: Simulated = {
      pid,
      startTime: 1_000_000 + pid * 10,
      name: 'program',
      ppid: 1,
      state: 'sleeping',
      threads: 1,
      cpuTimes: { user: 0, system: 0 },
      memory: { rss: 4096, vms: 8192 },
      pageFaults: { minor: 0, major: 0 },
      contextSwitches: { voluntary: 0, involuntary: 0 },
      io: { readBytes: 0, writeBytes: 0 },
      cmdline: ['program'],
      exe: '/usr/bin/program',
      exeDeleted: false,
      username: 'root',
      cgroup: '/',
      containerId: null,
      fdCount: 3,
      rlimits: { RLIMIT_NOFILE: { soft: 1024, hard: 4096 } },
      oomScore: 0,
      ...given,
    };
    this.processes.set(pid, made);
    return made;
  }

  end({ pid }: Simulated): void {
    this.processes.delete(pid);
  }

  /** Has processes read once more, and resolves when that is in the groups. */
  async read(groups: ProcessGroups): Promise<void> {
    const before = groups.readings + groups.failures;
    this.#ticks++;
    this.#wake();
    while (groups.readings + groups.failures === before) await new Promise((resolve) => setImmediate(resolve));
  }

  /** What a client would be. */
  client(unsupported: readonly string[] = []): Client {
    const fake = {
      supports: (name: string) => !unsupported.includes(name),
      scan: (options: ScanOptions) => this.#scan(options),
      sample: (options: SampleOptions) => this.#sample(options),
    };
    return fake as unknown as Client;
  }

  async #scan({ fields, pids }: ScanOptions) {
    this.scans.push({ fields, pids });
    this.#fail();
    const { failureOfFacts } = this;
    if (pids !== undefined) this.failureOfFacts = undefined;
    if (pids !== undefined && failureOfFacts !== undefined) throw failureOfFacts;
    return this.#table(pids, fields);
  }

  async *#sample({ signal }: SampleOptions) {
    this.samplers++;
    this.active++;
    try {
      yield* this.#samples(signal);
    } finally {
      this.active--;
    }
  }

  async *#samples(signal: AbortSignal) {
    const ended = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    for (;;) {
      while (this.#ticks === 0 && !signal.aborted) {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        await Promise.race([woken, ended]);
      }
      signal.throwIfAborted();
      this.#ticks--;
      this.#fail();
      yield this.#table();
    }
  }

  #fail(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }

  #table(pids?: readonly number[], fields?: readonly string[]) {
    const wanted = new Set(pids);
    const rows = structuredClone(
      [...this.processes.values()].filter(({ pid }) => pids === undefined || wanted.has(pid)),
    );
    const read = rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => name === 'pid' || (fields?.includes(name) ?? true))),
    );
    return Object.assign(read, {
      pids: Int32Array.from(rows, ({ pid }) => pid),
      column: (field: Field) => columnOf(rows, field as keyof Simulated),
    });
  }
}

interface ScanOptions {
  readonly fields: readonly string[];
  readonly pids?: readonly number[];
}

interface SampleOptions {
  readonly signal: AbortSignal;
}

function columnOf(rows: readonly Simulated[], field: keyof Simulated): unknown {
  switch (field) {
    case 'name':
    case 'state':
      return rows.map((row) => row[field]);
    case 'ppid':
      return Int32Array.from(rows, ({ ppid }) => ppid);
    case 'threads':
    case 'startTime':
      return Float64Array.from(rows, (row) => row[field]);
    default: {
      const members = { cpuTimes: ['user', 'system'], memory: ['rss', 'vms'], pageFaults: ['minor', 'major'] };
      const more = { contextSwitches: ['voluntary', 'involuntary'], io: ['readBytes', 'writeBytes'] };
      const names = { ...members, ...more }[field as 'io'];
      return Object.fromEntries(
        names.map((name) => [
          name,
          Float64Array.from(rows, (row) => (row[field] as Record<string, number> | null)?.[name] ?? Number.NaN),
        ]),
      );
    }
  }
}
