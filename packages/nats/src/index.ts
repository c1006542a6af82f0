export type { AnswerCounts } from './answers.js';
export { connect, type Fleet, type HostInfo } from './fleet.js';
export { FleetError, type FleetErrorCode } from './fleet-error.js';
export type { FleetScan } from './fleet-scan.js';
export type { FleetOptions, FleetScanOptions, HostsOptions } from './options.js';
export type { HostTable, MissingHost } from './scan-run.js';
export { type HostService, type ServeOptions, serve } from './serve.js';
