import type { Promised } from '../world.js';

const STATUS = [
  'name',
  'ppid',
  'state',
  'uids',
  'gids',
  'groups',
  'umask',
  'sigmasks',
  'pgid',
  'sid',
  'threads',
] as const;

export const promised: Promised = {
  backend: 'linux',
  reading: 'procfs',
  supported: [...STATUS, 'startTime', 'rlimits'],
  signalSets: ['pending', 'blocked', 'ignored', 'caught', 'processPending'],
  bulk: [],
  limits: { get: 'any', set: 'any' },
  shared: { status: STATUS, prlimit64: ['rlimits'] },
  findsZombies: true,
  zombieLoses: ['umask'],
  numbers: { RLIMIT_NOFILE: 7, RLIMIT_RTTIME: 15, SIGUSR1: 10, SIGCHLD: 17, SIGRTMIN: 34 },
};
