/**
 * Tables as Arrow, for the command and for the other packages of this project. It may change in any version: they ask for
 * exactly this one.
 */
export type { Arrow } from './columnar/arrow-types.js';
export { arrowBytes, type BatchOptions, recordBatch } from './columnar/record-batch.js';
export { REDACTED } from './columnar/redaction.js';
export { type ComputedPart, partsOf, type TableParts } from './table/table-parts.js';
