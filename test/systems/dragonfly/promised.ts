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
  backend: 'dragonfly',
  reading: 'sysctl',
  supported: [...KINFO, 'rlimits'],
  signalSets: ['pending', 'blocked', 'ignored', 'caught'],
  bulk: KINFO,
  limits: { get: 'any', set: 'own' },
  shared: { 'kern.proc.pid': KINFO, rlimit: ['rlimits'] },
  findsZombies: false,
  zombieLoses: [],
  numbers: { RLIMIT_NOFILE: 8, RLIMIT_VMEM: 10, RLIMIT_POSIXLOCKS: 11, SIGUSR1: 30, SIGCHLD: 20, SIGCKPT: 33 },
};
