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
  backend: 'openbsd',
  reading: 'sysctl',
  supported: [...KINFO, 'rlimits'],
  signalSets: ['pending', 'blocked', 'ignored', 'caught'],
  bulk: KINFO,
  limits: { get: 'own', set: 'own' },
  shared: { 'kern.proc.pid': KINFO },
  findsZombies: true,
  zombieLoses: ['startTime', 'threads'],
  numbers: { RLIMIT_RSS: 5, RLIMIT_NPROC: 7, RLIMIT_NOFILE: 8, SIGUSR1: 30, SIGCHLD: 20, SIGTHR: 32 },
};
