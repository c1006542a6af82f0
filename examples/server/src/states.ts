import type { State } from 'psutil-extra';

/** Every state that a process can be in, so that one which no process is in is reported as 0 and not left out. */
export const STATES: readonly State[] = [
  'running',
  'sleeping',
  'disk-sleep',
  'stopped',
  'tracing-stop',
  'zombie',
  'dead',
  'idle',
  'parked',
];
