import type { Field } from 'psutil-extra';
import { openWorld } from '../worlds.js';

/** What this system supports, and processes to test it with. */
export const { promised } = await openWorld();
export const { supported } = promised;
export const supportedOf = (fields: readonly Field[]) => fields.filter((field) => supported.includes(field));

export const LIMITS = { RLIMIT_NOFILE: { soft: 200, hard: 300 }, RLIMIT_FSIZE: { soft: 0, hard: 4096 } };
export const FACTS = {
  name: 'a name',
  umask: 0o35,
  blocked: ['SIGUSR1', 'SIGCHLD'],
  ignored: ['SIGHUP', 'SIGWINCH'],
  caught: ['SIGUSR2', 'SIGTERM'],
  limits: LIMITS,
  leads: true,
};
