import { FIELD_INDEX, type FieldRow, FIELDS as SCHEMA } from '@psutil-extra/native/protocol';
import { FIELDS, type Field } from 'psutil-extra';

/** Fields of one subject, under the heading that `psutil-extra show` has for them. */
export interface FieldGroup {
  readonly heading: string;
  readonly fields: readonly Field[];
}

/** Every field, by its subject. */
export function fieldGroups(): readonly FieldGroup[] {
  const grouped = new Set(GROUPS.flatMap(({ fields }) => fields));
  const others = FIELDS.filter((field) => !grouped.has(field));
  return others.length === 0 ? GROUPS : [...GROUPS, { heading: 'other', fields: others }];
}

/** Whether a field is read without being named: not if it is expensive, or another process may hold its reader. */
export function isReadUnasked(field: Field): boolean {
  const { cost } = SCHEMA[FIELD_INDEX[field]] as FieldRow;
  return cost === 'cheap';
}

const GROUPS: readonly FieldGroup[] = [
  {
    heading: 'identity',
    fields: [
      'name',
      'cmdline',
      'exe',
      'exeDeleted',
      'cwd',
      'environ',
      'ppid',
      'state',
      'startTime',
      'pgid',
      'sid',
      'terminal',
    ],
  },
  {
    heading: 'user and rights',
    fields: [
      'username',
      'uids',
      'gids',
      'groups',
      'umask',
      'loginuid',
      'capabilities',
      'seccomp',
      'noNewPrivs',
      'securityLabel',
    ],
  },
  {
    heading: 'processor and scheduling',
    fields: [
      'cpuTimes',
      'threads',
      'threadList',
      'contextSwitches',
      'nice',
      'scheduler',
      'ioPriority',
      'affinity',
      'processor',
      'wchan',
    ],
  },
  {
    heading: 'memory',
    fields: ['memory', 'memoryDetail', 'memoryFootprint', 'memoryMaps', 'pageFaults', 'oomScore', 'oomScoreAdj'],
  },
  { heading: 'input, output and files', fields: ['io', 'fdCount', 'fds', 'connections'] },
  { heading: 'namespaces and container', fields: ['namespaces', 'cgroup', 'containerId'] },
  { heading: 'signals and limits', fields: ['sigmasks', 'rlimits'] },
];
