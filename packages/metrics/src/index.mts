// The names one by one: `export *` would add `module.exports` and `__esModule`, which Node finds in CommonJS.

export type * from './index.js';
export {
  COMMON_SECRETS,
  exportToOpenTelemetry,
  exportToPrometheus,
  GROUP_ATTRIBUTE,
  groupProcesses,
  parseConfig,
  serveMetrics,
} from './index.js';
