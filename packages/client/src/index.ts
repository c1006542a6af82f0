export type { KillTreeOptions } from './actions/kill-tree-call.js';
export type { KilledProcess } from './actions/tree-kill.js';
export type { BoundSetters } from './api/bound-setters.js';
export {
  type Client,
  createClient,
  type FieldMethods,
  type ScanBatchesOptions,
  type ScanOptions,
  type SetterMethods,
} from './api/client.js';
export type { ClientActions, TreeOptions } from './api/client-actions.js';
export type { ClientOptions } from './api/client-options.js';
export type { ClientWatching } from './api/client-watching.js';
export type { Oneshot } from './api/oneshot.js';
export { type Proc, Process } from './api/process.js';
export type { BoundMethods } from './api/process-methods.js';
export type { Supported } from './api/supports.js';
export type { Snapshot, SnapshotOptions } from './calls/snapshot-call.js';
export type { Stats } from './observe/stats.js';
export type { CallEvent, ReadEvent } from './observe/tracing.js';
export type { Criteria } from './relatives/criteria.js';
export type { ChildrenOptions } from './relatives/relatives-call.js';
export type { TreeRow } from './relatives/tree-call.js';
export type { DefaultSampled, SampledField } from './sample/sample-fields.js';
export type { CpuPercentOptions, SampleOptions, TopOptions, TopOrder } from './sample/sample-options.js';
export type { SampleTable, TopRow } from './sample/sample-table.js';
export type { Samples } from './sample/samples.js';
export type { Source } from './scan/source-option.js';
export type { Capabilities, CapabilityName, CapabilitySet } from './schema/capability-set.js';
export type { Connection, SocketAddress } from './schema/connections.js';
export type * from './schema/fields.generated.js';
export {
  type DefaultField,
  FIELD_NAMES as FIELDS,
  type Field,
  type Fields,
  type NamedField,
} from './schema/fields.js';
export type { BigIntLimits, Limits, NewLimits, Resource, ResourceName } from './schema/limits.js';
export type { GroupsColumn, ListColumn } from './schema/list-column.js';
export type { MemoryMap } from './schema/memory-maps.js';
export { constants } from './schema/resources.js';
export type { NewIoPriority, NewScheduler } from './schema/scheduling.js';
export type { SignalMasks, SignalName, SignalSet } from './schema/signal-masks.js';
export type { TextBytes, TextField } from './schema/text-bytes.js';
export type { CallOptions, EventsOptions, LimitsOptions, SetterOptions, TextOptions } from './support/call-options.js';
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
} from './support/errors.js';
export type { IoRates, IoRatesColumn, SampledValues, TableField } from './table/computed-column.js';
export type { ProcessRow, ProcessTable } from './table/process-table.js';
export type { ExitStatus } from './watch/exit-status.js';
export type { LiveField, LiveRow } from './watch/live-fields.js';
export type { LiveChange, LiveEvents, LiveOptions, LiveTable } from './watch/live-table.js';
export type { ExecEvent, ExitEvent, ForkEvent, LostEvent, ProcessEvent } from './watch/process-event.js';
export type { ProcessEvents } from './watch/process-events.js';
