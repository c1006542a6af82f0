export {
  type Addon,
  type Capabilities,
  type EventReader,
  type ExitWatcher,
  loadAddon,
  type Reach,
  WITHOUT_WAITING,
} from './addon.js';
export { MODULES } from './modules.js';
export {
  type Act,
  type ListPids,
  Op,
  type ReadCursor,
  type Reader,
  type ReadOperation,
  type ReadPids,
  type ReadTable,
  run,
} from './operation.js';
// What crosses threads: each thread loads it together with the addon, from one file.
export * from './protocol/index.js';
