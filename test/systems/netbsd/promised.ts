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
  backend: 'netbsd',
  reading: 'sysctl',
  supported: [...KINFO, 'rlimits'],
  signalSets: ['pending', 'blocked', 'ignored', 'caught'],
  bulk: KINFO,
  limits: { get: 'any', set: 'any' },
  shared: { 'kern.proc2.pid': KINFO, 'proc.rlimit': ['rlimits'] },
  findsZombies: true,
  zombieLoses: ['startTime', 'rlimits'],
  numbers: {
    RLIMIT_NOFILE: 8,
    RLIMIT_SBSIZE: 9,
    RLIMIT_AS: 10,
    RLIMIT_NTHR: 11,
    SIGUSR1: 30,
    SIGPWR: 32,
    SIGRTMIN: 33,
  },
};
