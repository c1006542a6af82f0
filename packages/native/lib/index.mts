// The names one by one: `export *` of CommonJS would add `module.exports` and `__esModule`, which Node finds in it.

export type * from './index.js';
export { loadAddon, MODULES, Op, run, WITHOUT_WAITING } from './index.js';
export * from './protocol/index.mjs';
