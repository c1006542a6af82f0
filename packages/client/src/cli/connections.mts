import { type Client, type Connection, createClient } from 'psutil-extra';
import { counted } from './counted.mjs';
import { escapeName } from './escape.mjs';
import { Exit } from './exit.mjs';
import { withProgress } from './progress.mjs';
import { printRecords, type RecordColumn, type RecordsCommand } from './records.mjs';
import { endText, protocolText } from './socket-text.mjs';
import { NONE, UNREADABLE } from './table-columns.mjs';

/** The command line of `psutil-extra connections`. */
export interface ConnectionsCommand extends RecordsCommand {
  /** Only sockets of this port, on either side. */
  readonly port?: number;
  /** Only sockets that wait for connections or datagrams. */
  readonly listen?: true;
}

/** Prints the sockets of a process, or those of all, and then as the last line on stderr how many there are. */
export async function connections(pid: number | undefined, command: ConnectionsCommand): Promise<number> {
  const began = performance.now();
  await using client = createClient({ procRoot: command.procRoot, source: 'procfs', threads: 1 });
  const { sockets, unreadable } = pid === undefined ? await socketsOfAll(client) : await socketsOf(client, pid);
  const chosen = sockets.filter((socket) => isChosen(socket, command));
  const complete = await printRecords(chosen, COLUMNS, command);
  const code = chosen.length === 0 && (command.listen || command.port !== undefined) ? Exit.nothing : Exit.ok;
  if (!complete || pid !== undefined) return code;
  const took = Math.round(performance.now() - began);
  const rest = unreadable === 0 ? '' : `; those of ${counted(unreadable, 'process')} could not be read`;
  process.stderr.write(`${counted(chosen.length, 'socket')} in ${took} ms${rest}\n`);
  return code;
}

interface Socket extends Connection {
  readonly pid: number;
  readonly name: string | null;
}

interface Sockets {
  readonly sockets: readonly Socket[];
  /** Of how many processes they are not known. */
  readonly unreadable: number;
}

async function socketsOf(client: Client, pid: number): Promise<Sockets> {
  const { name, connections: open } = await client.oneshot(pid, async (one) => ({
    connections: await one.connections(),
    name: await one.name(),
  }));
  return { sockets: open.map((connection) => ({ pid, name, ...connection })), unreadable: 0 };
}

async function socketsOfAll(client: Client): Promise<Sockets> {
  const table = await withProgress('reading sockets', client, client.scan({ fields: ['name', 'connections'] }));
  let unreadable = 0;
  const sockets: Socket[] = [];
  for (const { pid, name, connections: open } of table) {
    if (open === null) unreadable++;
    else for (const connection of open) sockets.push({ pid, name, ...connection });
  }
  return { sockets, unreadable };
}

function isChosen({ local, remote, state, family, type }: Socket, { port, listen }: ConnectionsCommand): boolean {
  // A socket for datagrams has no state: it waits for them where it has a port and no other side.
  const listens =
    state === 'listen' || (family !== 'unix' && type !== 'stream' && (portOf(local) ?? 0) > 0 && remote === null);
  if (listen && !listens) return false;
  return port === undefined || portOf(local) === port || portOf(remote) === port;
}

function portOf(end: Connection['local']): number | undefined {
  return end === null || typeof end === 'string' ? undefined : end.port;
}

const end = (title: string, side: 'local' | 'remote'): RecordColumn<Socket> => ({
  title,
  side: 'left',
  min: 12,
  cell(socket) {
    const value = socket[side];
    return value === null ? { text: NONE, tone: 'faint' } : { text: endText(value) };
  },
});

const COLUMNS: readonly RecordColumn<Socket>[] = [
  { title: 'PID', side: 'right', cell: ({ pid }) => ({ text: String(pid) }) },
  {
    title: 'NAME',
    side: 'left',
    min: 8,
    cell: ({ name }) => ({ text: name === null ? UNREADABLE : escapeName(name) }),
  },
  { title: 'FD', side: 'right', spare: 1, cell: ({ fd }) => ({ text: String(fd) }) },
  { title: 'PROTOCOL', side: 'left', cell: (socket) => ({ text: protocolText(socket) }) },
  { title: 'STATE', side: 'left', min: 6, cell: ({ state }) => ({ text: state ?? NONE }) },
  end('LOCAL', 'local'),
  end('REMOTE', 'remote'),
];
