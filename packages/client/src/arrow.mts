// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './arrow.js';
export { arrowBytes, partsOf, REDACTED, recordBatch } from './arrow.js';
