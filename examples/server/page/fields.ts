import { bytes, count, duration, octal, time } from './values.js';

/** What `GET /processes/:pid` answers, as far as it is used by name. What could not be read is `null`. */
export interface Details {
  readonly pid: number;
  readonly name?: string | null;
  readonly startTime?: number | null;
  readonly [field: string]: unknown;
}

/** Fields of one subject, which are read with every look at a process. */
export const GROUPS: readonly { readonly heading: string; readonly fields: readonly string[] }[] = [
  {
    heading: 'Identity',
    fields: ['exe', 'exeDeleted', 'cwd', 'ppid', 'state', 'startTime', 'pgid', 'sid', 'terminal'],
  },
  {
    heading: 'User and rights',
    fields: [
      'username',
      'uids',
      'gids',
      'groups',
      'umask',
      'loginuid',
      'seccomp',
      'noNewPrivs',
      'securityLabel',
      'capabilities',
    ],
  },
  {
    heading: 'Processor and scheduling',
    fields: [
      'cpuTimes',
      'threads',
      'contextSwitches',
      'nice',
      'scheduler',
      'ioPriority',
      'affinity',
      'processor',
      'wchan',
    ],
  },
  { heading: 'Memory', fields: ['memory', 'memoryDetail', 'pageFaults', 'oomScore', 'oomScoreAdj'] },
  { heading: 'Input and output', fields: ['io', 'fdCount'] },
  { heading: 'Namespaces and container', fields: ['namespaces', 'cgroup', 'containerId'] },
  { heading: 'Signals', fields: ['sigmasks'] },
];

/** A line of the list of fields. */
export interface Fact {
  readonly name: string;
  readonly text: string;
  /** Whether it is a member of the field above it. */
  readonly isMember?: boolean;
  /** What there are so many of, that the text only says how many. */
  readonly all?: readonly string[];
}

/** A field: its value, or a line for each of its members. */
export function facts(field: string, value: unknown): readonly Fact[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [factOf(field, field, value)];
  const members = Object.entries(value).map(([member, each]) => ({
    ...factOf(member, `${field}.${member}`, each),
    isMember: true,
  }));
  return [{ name: field, text: '' }, ...members];
}

function factOf(name: string, path: string, value: unknown): Fact {
  const isLong = Array.isArray(value) && value.length > MOST_INLINE;
  return isLong ? { name, text: `${value.length}`, all: value.map(String) } : { name, text: fact(path, value) };
}

function fact(name: string, value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value);
  if (name === 'umask') return octal(value);
  if (name === 'startTime') return time(value);
  if (name.startsWith('cpuTimes.')) return value < 60_000 ? `${value / 1000} s` : duration(value / 1000);
  if (/^memory|Bytes$/.test(name)) return bytes(value);
  return COUNTS.test(name) ? count(value) : String(value);
}

const COUNTS = /^(io|pageFaults|contextSwitches)\./;
/** A line has room for these; all capabilities are forty. */
const MOST_INLINE = 10;
