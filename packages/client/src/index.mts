// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './index.js';
export {
  AccessDeniedError,
  ClientClosedError,
  constants,
  createClient,
  FIELDS,
  NoSuchProcessError,
  NotSupportedError,
  Process,
  ProcessError,
  QueueFullError,
  WorkerError,
  ZombieProcessError,
} from './index.js';
