// Generated from schema/fields.mjs by schema/generate.mjs.
import type { FieldRow } from './field-row.js';

export const FIELDS = [
  { name: 'name', type: { kind: 'text' }, signature: 'text', storage: 'variable', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'ppid', type: { kind: 'i32' }, signature: 'i32', storage: 'fixed', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'state', type: { kind: 'enum', values: ['running', 'sleeping', 'disk-sleep', 'stopped', 'tracing-stop', 'zombie', 'dead', 'idle', 'parked'] }, signature: 'enum(running|sleeping|disk-sleep|stopped|tracing-stop|zombie|dead|idle|parked)', storage: 'fixed', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'uids', type: { kind: 'struct', members: [{ name: 'real', type: { kind: 'u32' }, optional: false }, { name: 'effective', type: { kind: 'u32' }, optional: false }, { name: 'saved', type: { kind: 'u32' }, optional: false }] }, signature: 'struct{real:u32,effective:u32,saved:u32}', storage: 'struct', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'gids', type: { kind: 'struct', members: [{ name: 'real', type: { kind: 'u32' }, optional: false }, { name: 'effective', type: { kind: 'u32' }, optional: false }, { name: 'saved', type: { kind: 'u32' }, optional: false }] }, signature: 'struct{real:u32,effective:u32,saved:u32}', storage: 'struct', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'groups', type: { kind: 'list', item: { kind: 'u32' } }, signature: 'list<u32>', storage: 'variable', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'umask', type: { kind: 'i32' }, signature: 'i32', storage: 'fixed', view: null, format: 'mode', cost: 'cheap', nullable: false },
  { name: 'sigmasks', type: { kind: 'list', item: { kind: 'u64' } }, signature: 'list<u64>', storage: 'variable', view: 'signalMasks', format: null, cost: 'cheap', nullable: false },
  { name: 'pgid', type: { kind: 'i32' }, signature: 'i32', storage: 'fixed', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'sid', type: { kind: 'i32' }, signature: 'i32', storage: 'fixed', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'threads', type: { kind: 'i32' }, signature: 'i32', storage: 'fixed', view: null, format: null, cost: 'cheap', nullable: false },
  { name: 'startTime', type: { kind: 'f64' }, signature: 'f64', storage: 'fixed', view: 'time', format: null, cost: 'cheap', nullable: false },
  { name: 'rlimits', type: { kind: 'list', item: { kind: 'u64' } }, signature: 'list<u64>', storage: 'variable', view: 'limits', format: null, cost: 'cheap', nullable: false },
] as const satisfies readonly FieldRow[];

/** The values of `State` in the order of their numbers. */
export const STATES = ['running', 'sleeping', 'disk-sleep', 'stopped', 'tracing-stop', 'zombie', 'dead', 'idle', 'parked'] as const;
