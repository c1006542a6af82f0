// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './index.js';
export { connect, FleetError, serve } from './index.js';
