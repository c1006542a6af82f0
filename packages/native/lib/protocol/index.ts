/** What crosses threads: the schema, sets of fields, frames and failures. It loads no addon. */

export {
  type Action,
  ActionKind,
  killAction,
  MAX_MASK_WORDS,
  oomScoreAdjAction,
  rlimitAction,
  type ThreadActionKind,
  threadAction,
} from './action.js';
export { cacheableFields } from './cacheable.js';
export { DAMAGED, type Damage, damagedReply, damageMessage } from './damage.js';
export { type Failure, FailureKind, STALLED } from './failure.js';
export { ALL_FIELDS, type FieldBits, FieldSet, NO_FIELDS, ONLY } from './field-set.js';
export {
  type Clock,
  checkFrame,
  EventKind,
  eventsIn,
  Frame,
  FrameColumn,
  fixedValue,
  LAYOUT,
  loadFrames,
  type Numbers,
  type RawEvent,
  settle,
  textsIn,
  textsOf,
  withColumns,
} from './frames.js';
export type { Named, Numbering } from './numbering.js';
export {
  ANY_START,
  cellOf,
  IDENTIFY,
  type PackedScalar,
  ReadFlag,
  sourcesOf,
} from './request.js';
export {
  type Cost,
  FIELD_INDEX,
  FIELDS,
  type FieldName,
  type FieldRow,
  type Member,
  STATES,
  type Storage,
  type Type,
} from './schema.js';
