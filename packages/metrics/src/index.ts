export { parseConfig } from './config.js';
export { COMMON_SECRETS } from './labels.js';
export { exportToOpenTelemetry, GROUP_ATTRIBUTE, type GroupMeter, type GroupResult } from './open-telemetry.js';
export type { Extra, GroupOptions } from './options.js';
export { groupProcesses, type ProcessGroups } from './process-groups.js';
export { exportToPrometheus } from './prometheus.js';
export type { Condition, Grouping, GroupRule } from './rules.js';
export { type MetricsServer, type ServeOptions, serveMetrics } from './server.js';
