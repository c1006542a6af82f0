import type { Promised } from '../world.js';

const KINFO = [
  'name',
  'ppid',
  'state',
  'uids',
  'gids',
  'groups',
  'sigmasks',
  'pgid',
  'sid',
  'threads',
  'startTime',
] as const;

export const promised: Promised = {
  backend: 'freebsd',
  reading: 'sysctl',
  supported: [...KINFO, 'umask', 'rlimits'],
  signalSets: ['pending', 'blocked', 'ignored', 'caught'],
  bulk: KINFO,
  limits: { get: 'any', set: 'any' },
  shared: { 'kern.proc.pid': KINFO, 'kern.proc.umask': ['umask'], 'kern.proc.rlimit': ['rlimits'] },
  findsZombies: true,
  zombieLoses: ['umask', 'rlimits'],
  numbers: {
    RLIMIT_NOFILE: 8,
    RLIMIT_AS: 10,
    RLIMIT_VMEM: 10,
    RLIMIT_UMTXP: 14,
    SIGUSR1: 30,
    SIGCHLD: 20,
    SIGRTMIN: 65,
  },
};
