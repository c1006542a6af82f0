// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './remote.js';
export { createRemoteClient, createResponder, decodeScan, encodeScan, isLastPart } from './remote.js';
