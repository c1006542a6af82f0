import type { Promised } from '../world.js';

const KINFO = ['name', 'ppid', 'state', 'uids', 'gids', 'groups', 'sigmasks', 'pgid', 'startTime'] as const;

export const promised: Promised = {
  backend: 'darwin',
  reading: 'sysctl',
  supported: [...KINFO, 'sid', 'threads', 'rlimits'],
  signalSets: ['ignored', 'caught'],
  bulk: [...KINFO, 'sid'],
  limits: { get: 'own', set: 'own' },
  shared: { 'kern.proc.pid': KINFO, getsid: ['sid'], proc_pidinfo: ['threads'] },
  findsZombies: true,
  zombieLoses: ['sid', 'threads'],
  numbers: { RLIMIT_NOFILE: 8, RLIMIT_AS: 5, RLIMIT_RSS: 5, RLIMIT_MEMLOCK: 6, SIGUSR1: 30, SIGCHLD: 20, SIGINFO: 29 },
};
