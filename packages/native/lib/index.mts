// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './index.js';
export {
  ANY_START,
  cellOf,
  DAMAGED,
  Dictionary,
  damagedReply,
  damageMessage,
  FailureKind,
  FIELD_INDEX,
  FIELDS,
  Frame,
  IDENTIFY,
  loadAddon,
  NO_ENTRY,
  ReadFlag,
  STATES,
  sourcesOf,
} from './index.js';
