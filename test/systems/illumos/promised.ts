import type { Promised } from '../world.js';

const PSINFO = ['name', 'ppid', 'state', 'pgid', 'sid', 'threads', 'startTime'] as const;
const CRED = ['uids', 'gids', 'groups'] as const;

export const promised: Promised = {
  backend: 'illumos',
  reading: 'procfs',
  supported: [...PSINFO, ...CRED, 'sigmasks', 'rlimits'],
  signalSets: ['pending', 'blocked', 'ignored', 'caught', 'processPending'],
  bulk: [],
  limits: { get: 'own', set: 'own' },
  shared: { psinfo: PSINFO, cred: CRED, status: ['sigmasks'], sigact: ['sigmasks'] },
  findsZombies: true,
  zombieLoses: ['name', 'startTime', ...CRED, 'sigmasks'],
  numbers: {
    RLIMIT_NOFILE: 5,
    RLIMIT_AS: 6,
    RLIMIT_VMEM: 6,
    SIGUSR1: 16,
    SIGCHLD: 18,
    SIGINFO: 41,
    SIGRTMIN: 42,
  },
};
