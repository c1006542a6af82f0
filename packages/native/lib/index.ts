export {
  type Addon,
  ANY_START,
  type Capabilities,
  cellOf,
  IDENTIFY,
  loadAddon,
  type Named,
  type Reach,
  type Reader,
  ReadFlag,
  type Single,
  sourcesOf,
} from './addon.js';
export { DAMAGED, type Damage, damagedReply, damageMessage } from './damage.js';
export { Dictionary } from './dictionary.js';
export { type Failure, FailureKind } from './failure.js';
export { FIELD_INDEX, FIELDS, type FieldMask, type FieldName, type Shape, STATES } from './field.js';
export { type Clock, type Column, Frame, NO_ENTRY } from './frame.js';
