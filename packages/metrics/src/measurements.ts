import type { Counter, Group } from './group.js';
import { STATES } from './group.js';

/** A metric of a group. */
export interface Measurement {
  readonly prometheus: string;
  readonly openTelemetry: string;
  /** As in UCUM. */
  readonly unit: string;
  /** `sum`: of what processes have now, so that groups can be added up; `worst`: of one process of the group. */
  readonly kind: 'counter' | 'sum' | 'worst';
  readonly help: string;
  /** What distinguishes the values of a group. */
  readonly by?: Attribute;
  readonly values: readonly Value[];
}

export interface Attribute {
  readonly prometheus: string;
  readonly openTelemetry: string;
}

/** A value of each group; `undefined` if it could not be read. */
export interface Value {
  /** The value of the attribute. */
  readonly is?: string;
  /** The same in OpenTelemetry's conventions, if they have another word. */
  readonly isThere?: string;
  readonly of: (this: void, group: Group, epoch: number) => number | undefined;
}

/** Milliseconds in a second. */
const MS = 1000;

/** Every metric of a group. The names of OpenTelemetry are those of its semantic conventions, where they have one. */
export const MEASUREMENTS: readonly Measurement[] = [
  {
    prometheus: 'process_group_processes',
    openTelemetry: 'system.process.count',
    unit: '{process}',
    kind: 'sum',
    help: 'Processes by state',
    by: { prometheus: 'state', openTelemetry: 'process.state' },
    values: STATES.map((state) => ({
      is: state,
      ...(state === 'zombie' ? { isThere: 'defunct' } : {}),
      of: ({ now }) => now.states[state],
    })),
  },
  {
    prometheus: 'process_group_starts_total',
    openTelemetry: 'system.process.created',
    unit: '{process}',
    kind: 'counter',
    help: 'Processes that have begun, or executed this program, since the exporter began and were seen by a reading',
    values: [{ of: ({ starts }) => starts }],
  },
  {
    prometheus: 'process_group_cpu_time_seconds_total',
    openTelemetry: 'process.cpu.time',
    unit: 's',
    kind: 'counter',
    help: 'Processor time, also of processes that have ended',
    by: { prometheus: 'cpu_mode', openTelemetry: 'cpu.mode' },
    values: [counted('user', 'cpuUser', MS), counted('system', 'cpuSystem', MS)],
  },
  {
    prometheus: 'process_group_memory_usage_bytes',
    openTelemetry: 'process.memory.usage',
    unit: 'By',
    kind: 'sum',
    help: 'Resident memory; what processes share is counted for each of them',
    values: [{ of: ({ now }) => now.memory }],
  },
  {
    prometheus: 'process_group_memory_virtual_bytes',
    openTelemetry: 'process.memory.virtual',
    unit: 'By',
    kind: 'sum',
    help: 'Virtual memory',
    values: [{ of: ({ now }) => now.virtual }],
  },
  {
    prometheus: 'process_group_disk_io_bytes_total',
    openTelemetry: 'process.disk.io',
    unit: 'By',
    kind: 'counter',
    help: 'Bytes from and to storage, also of processes that have ended; those of other users need two capabilities',
    by: { prometheus: 'disk_io_direction', openTelemetry: 'disk.io.direction' },
    values: [counted('read', 'readBytes'), counted('write', 'writeBytes')],
  },
  {
    prometheus: 'process_group_threads',
    openTelemetry: 'process.thread.count',
    unit: '{thread}',
    kind: 'sum',
    help: 'Threads',
    values: [{ of: ({ now }) => now.threads }],
  },
  {
    prometheus: 'process_group_open_file_descriptors',
    openTelemetry: 'process.unix.file_descriptor.count',
    unit: '{file_descriptor}',
    kind: 'sum',
    help: 'Open file descriptors',
    values: [{ of: ({ now }) => now.descriptors }],
  },
  {
    prometheus: 'process_group_file_descriptor_soft_limit',
    openTelemetry: 'psutil_extra.process.file_descriptor.limit',
    unit: '{file_descriptor}',
    kind: 'worst',
    help: 'The lowest soft limit of open file descriptors of any process',
    values: [{ of: ({ now }) => now.softLimit }],
  },
  {
    prometheus: 'process_group_file_descriptor_limit_ratio',
    openTelemetry: 'psutil_extra.process.file_descriptor.utilization',
    unit: '1',
    kind: 'worst',
    help: 'Open file descriptors of the process that is nearest to its soft limit, as a part of that limit',
    values: [{ of: ({ now }) => now.worstUse }],
  },
  {
    prometheus: 'process_group_context_switches_total',
    openTelemetry: 'process.context_switches',
    unit: '{context_switch}',
    kind: 'counter',
    help: 'Context switches of main threads, also of processes that have ended',
    by: { prometheus: 'context_switch_type', openTelemetry: 'process.context_switch.type' },
    values: [counted('voluntary', 'voluntarySwitches'), counted('involuntary', 'involuntarySwitches')],
  },
  {
    prometheus: 'process_group_paging_faults_total',
    openTelemetry: 'process.paging.faults',
    unit: '{fault}',
    kind: 'counter',
    help: 'Page faults, also of processes that have ended',
    by: { prometheus: 'fault_type', openTelemetry: 'process.paging.fault_type' },
    values: [counted('minor', 'minorFaults'), counted('major', 'majorFaults')],
  },
  {
    prometheus: 'process_group_uptime_seconds',
    openTelemetry: 'process.uptime',
    unit: 's',
    kind: 'worst',
    help: 'How long the oldest process has been running',
    values: [{ of: ({ now }, epoch) => secondsSince(now.oldest, epoch) }],
  },
  {
    prometheus: 'process_group_oom_score',
    openTelemetry: 'psutil_extra.process.oom_score',
    unit: '1',
    kind: 'worst',
    help: 'The highest score of any process: the kernel ends the highest first if memory is short',
    values: [{ of: ({ now }) => now.oomScore }],
  },
  {
    prometheus: 'process_group_deleted_executables',
    openTelemetry: 'psutil_extra.process.deleted_executables',
    unit: '{process}',
    kind: 'sum',
    help: 'Processes whose executable has been removed or replaced since they began; those of other users need CAP_SYS_PTRACE',
    values: [{ of: ({ now }) => now.deleted }],
  },
];

/** How many series a group has at the most. */
export const SERIES_PER_GROUP = MEASUREMENTS.reduce((sum, { values }) => sum + values.length, 0);

function counted(is: string, counter: Counter, divisor = 1): Value {
  return {
    is,
    of(group) {
      const total = group.total(counter);
      return total === undefined ? undefined : total / divisor;
    },
  };
}

function secondsSince(oldest: number, epoch: number): number | undefined {
  return Number.isFinite(oldest) ? Math.max(0, (epoch - oldest) / MS) : undefined;
}
