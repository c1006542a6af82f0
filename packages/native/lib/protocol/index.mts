// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './index.js';
export {
  ActionKind,
  ALL_FIELDS,
  ANY_START,
  cacheableFields,
  cellOf,
  DAMAGED,
  damagedReply,
  damageMessage,
  FailureKind,
  FIELD_INDEX,
  FIELDS,
  FieldSet,
  Frame,
  FrameColumn,
  fixedValue,
  IDENTIFY,
  NO_FIELDS,
  ONLY,
  ReadFlag,
  rlimitAction,
  STALLED,
  STATES,
  sourcesOf,
} from './index.js';
