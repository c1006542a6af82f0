import { element, holder } from './element.js';
import { bytes, count } from './values.js';

/** A descriptor, as far as it is shown. */
interface Fd {
  readonly fd: number;
  readonly kind: string;
  readonly path: string | null;
  readonly deleted: boolean;
  readonly position?: number;
  readonly flags?: number;
}

type Address = { readonly address: string; readonly port: number } | string | null;

interface Connection {
  readonly fd: number;
  readonly family: string;
  readonly type: string;
  readonly local: Address;
  readonly remote: Address;
  readonly state: string | null;
}

interface Thread {
  readonly tid: number;
  readonly name: string;
  readonly state: string;
  readonly cpuTimes: { readonly user: number; readonly system: number };
}

interface Map {
  readonly start: string;
  readonly permissions: string;
  readonly size: number;
  readonly rss: number;
  readonly path: string | null;
}

/** A list that a process has many of, as a table. */
export interface Records {
  readonly field: string;
  readonly heading: string;
  readonly heads: readonly string[];
  /** The cells of a record; the last is the one that may be long. */
  readonly cells: (record: never) => readonly string[];
}

/** Those that are read with every look at a process. */
export const READ_ALWAYS: readonly Records[] = [
  {
    field: 'fds',
    heading: 'Descriptors',
    heads: ['fd', 'kind', 'mode', 'position', 'what'],
    cells: ({ fd, kind, path, deleted, position, flags }: Fd) => [
      String(fd),
      kind,
      flags === undefined ? '' : (MODES[flags & 3] ?? ''),
      position === undefined || kind === 'pipe' || kind === 'socket' || kind === 'anon' ? '' : count(position),
      `${path ?? '–'}${deleted ? ' (deleted)' : ''}`,
    ],
  },
  {
    field: 'connections',
    heading: 'Sockets',
    heads: ['fd', 'family', 'type', 'state', 'local', 'remote'],
    cells: ({ fd, family, type, local, remote, state }: Connection) => [
      String(fd),
      family,
      type,
      state ?? '',
      address(local),
      address(remote),
    ],
  },
  {
    field: 'threadList',
    heading: 'Threads',
    heads: ['tid', 'state', 'user', 'system', 'name'],
    cells: ({ tid, name, state, cpuTimes: { user, system } }: Thread) => [
      String(tid),
      state,
      `${user / 1000} s`,
      `${system / 1000} s`,
      name,
    ],
  },
];

/** Those that are read when one asks for them: the kernel walks page tables for one, and the other may hold secrets. */
export const READ_ON_DEMAND: readonly Records[] = [
  {
    field: 'environ',
    heading: 'Environment',
    heads: ['name', 'value'],
    cells: ([name, value]: [string, string]) => [name, value],
  },
  {
    field: 'memoryMaps',
    heading: 'Memory maps',
    heads: ['start', 'access', 'size', 'resident', 'what'],
    cells: ({ start, permissions, size, rss, path }: Map) => [
      start,
      permissions,
      bytes(size),
      bytes(rss),
      path ?? 'anonymous',
    ],
  },
];

/** The table of these records, or why there is none. */
export function recordsTable({ heading, heads, cells }: Records, value: unknown): HTMLElement {
  if (value === null || value === undefined) return element('p', 'The server may not read them.', 'faint');
  const records = Array.isArray(value) ? value : Object.entries(value);
  if (records.length === 0) return element('p', 'None.', 'faint');
  const table = element('table', '', 'records');
  table.ariaLabel = heading;
  const head = table.createTHead().insertRow();
  for (const each of heads) {
    const cell = element('th', each);
    cell.scope = 'col';
    head.append(cell);
  }
  const body = table.createTBody();
  for (const record of records.slice(0, MOST)) {
    const row = body.insertRow();
    cells(record as never).forEach((text, index) => {
      const cell = row.insertCell();
      cell.textContent = text;
      cell.dataset['head'] = heads[index] ?? '';
    });
  }
  if (records.length <= MOST) return table;
  return holder('div', [table, element('p', `and ${count(records.length - MOST)} more`, 'faint')]);
}

function address(value: Address): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return value.address.includes(':') ? `[${value.address}]:${value.port}` : `${value.address}:${value.port}`;
}

const MODES = ['read', 'write', 'read, write'];
const MOST = 500;
