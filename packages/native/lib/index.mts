// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './index.js';
export { loadAddon, MODULES, Op, run, WITHOUT_WAITING } from './index.js';
