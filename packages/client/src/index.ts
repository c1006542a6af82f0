export type { BoundMethods, LimitsOptions } from './bound.js';
export { type Client, createClient, type FieldMethods, type Supported } from './client.js';
export type { GroupsColumn, ListColumn } from './columns.js';
export {
  AccessDeniedError,
  ClientClosedError,
  NoSuchProcessError,
  NotSupportedError,
  ProcessError,
  type ProcessErrorFields,
  QueueFullError,
  WorkerError,
  ZombieProcessError,
} from './errors.js';
export type { Columns, IdsColumn } from './fields.generated.js';
export {
  type DefaultField,
  FIELD_NAMES as FIELDS,
  type Field,
  type Fields,
  type FieldValues,
  type Ids,
  type NamedField,
  type State,
} from './fields.js';
export type { Oneshot } from './oneshot.js';
export type { CallOptions, ClientOptions, Source } from './options.js';
export { type Proc, Process } from './process.js';
export {
  type BigIntLimits,
  constants,
  type Limits,
  type NewLimits,
  type Resource,
  type ResourceName,
} from './resources.js';
export type { ScanBatchesOptions, ScanOptions } from './scan.js';
export type { SignalMasks, SignalName, SignalSet } from './signals.js';
export type { Snapshot, SnapshotOptions } from './snapshot.js';
export type { Stats } from './stats.js';
export type { ProcessRow, ProcessTable } from './table.js';
export type { CallEvent, ReadEvent } from './tracing.js';
