import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Client, type ClientOptions, createClient } from 'psutil-extra';
import { scan } from './ours.js';

/** A way to look at every process: its name, what it reports, and how it is started. */
export interface Library {
  readonly name: string;
  /** What it reports of each process. */
  readonly reports: string;
  /** What to do where it is missing. */
  readonly install: string;
  /** For so many milliseconds it answers what it answered before. */
  readonly remembers?: number;
  /** Prepares, or throws where it is not installed. */
  readonly open: () => Promise<Scanner>;
}

/** Scans once, and returns the number of processes. */
export interface Scanner {
  (): Promise<number>;
  /** What scans, where it is ours: a program has one client, for scans and for everything else. */
  readonly client?: Client;
}

const OURS = 'umask, groups, sigmasks, pgid, sid, rlimits';
const NPM = 'npm run build';

/** Ours first, then the peers, by name. */
export const LIBRARIES: readonly Library[] = [
  {
    name: 'psutil-extra, 1 thread',
    reports: OURS,
    install: NPM,
    open: () => scanner({ threads: 1, source: 'procfs' }),
  },
  {
    name: 'psutil-extra, BPF',
    reports: OURS,
    install: 'CAP_BPF and CAP_PERFMON: docs/bpf.md',
    open: async () => {
      const found = await scanner({ threads: 1, source: 'bpf' });
      if (found.client?.supports('bpf') !== true) throw Object.assign(new Error('no BPF here'), { code: 'ENOENT' });
      return found;
    },
  },
  {
    name: 'psutil-extra, 2 threads',
    reports: OURS,
    install: NPM,
    open: () => scanner({ threads: 2, source: 'procfs' }),
  },
  {
    name: 'fs, blocking',
    reports: 'the text of `status`',
    install: NPM,
    open: async () => async () => readdirSync('/proc').filter((name) => PID.test(name) && readNow(name)).length,
  },
  {
    name: 'fs.promises',
    reports: 'the text of `status`',
    install: NPM,
    open: async () => async () => {
      const names = (await readdir('/proc')).filter((name) => PID.test(name));
      const texts = await Promise.allSettled(names.map((name) => readFile(`/proc/${name}/status`, 'utf8')));
      return texts.filter(({ status }) => status === 'fulfilled').length;
    },
  },
  {
    name: 'pidusage',
    reports: 'cpu, memory, ppid, start',
    install: NPM,
    open: async () => {
      const { default: pidusage } = await import('pidusage');
      // It takes the PIDs, and fails if one of them has ended.
      return async () => {
        const names = (await readdir('/proc')).filter((name) => PID.test(name));
        const found = await pidusage(names);
        return Object.values(found).filter((usage) => usage !== undefined).length;
      };
    },
  },
  {
    name: 'ps-list',
    reports: 'name, cmd, ppid, uid, cpu, memory',
    install: NPM,
    open: async () => {
      const { default: psList } = await import('ps-list');
      return async () => (await psList()).length;
    },
  },
  {
    name: 'systeminformation',
    reports: 'name, command, ppid, state, user, cpu, memory',
    install: NPM,
    remembers: 500,
    open: async () => {
      const { processes } = await import('systeminformation');
      return async () => (await processes()).list.length;
    },
  },
  {
    name: 'ps -eo',
    reports: 'pgid, sid, groups, sigmasks (as text, split)',
    install: 'apt install procps',
    open: () => ps('pid=,pgid=,sid=,pending=,blocked=,ignored=,caught=,supgid='),
  },
];

/** What `ps aux` shows, in our words. */
export const USAGE = ['name', 'username', 'cpuTimes', 'memory', 'cmdline'] as const;

/** `ps` with the columns of a scan of these. */
export const PS_USAGE: Library = {
  name: 'ps -eo comm,user,time,…',
  reports: 'name, user, CPU time, RSS, VSZ, command line (as text, split)',
  install: 'apt install procps',
  open: () => ps('pid=,comm=,user=,time=,rss=,vsz=,args='),
};

/** Python's, which no Node program would start for each scan: measured in a process of its own. */
export const PYTHON = { name: 'python3-psutil', install: 'apt install python3-psutil' } as const;

export function library(name: string): Library {
  const found = [...LIBRARIES, PS_USAGE].find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`no library is called ${name}`);
  return found;
}

/** The Python that Debian's packages are for, where it is there. */
export function python(): string {
  return existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
}

async function scanner(options: ClientOptions): Promise<Scanner> {
  const client = createClient(options);
  return Object.assign(() => scan(client), { client });
}

async function ps(columns: string): Promise<Scanner> {
  await run('ps', ['--version']);
  return async () => {
    const { stdout } = await run('ps', ['-eo', columns], { maxBuffer: 2 ** 30 });
    return stdout.split('\n').filter((line) => line.trim().split(/\s+/).length > 1).length;
  };
}

const run = promisify(execFile);
const PID = /^[1-9]\d*$/;

function readNow(name: string): boolean {
  try {
    return readFileSync(`/proc/${name}/status`, 'utf8') !== '';
  } catch {
    return false;
  }
}
