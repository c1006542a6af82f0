import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { type ClientOptions, createClient, type TreeRow } from 'psutil-extra';
import { DESCENDANTS } from './tree.js';

/** A way to find or to kill processes: its name, what it does, and how it is started. */
export interface Actor {
  readonly name: string;
  readonly does: string;
  readonly open: () => Promise<Act>;
}

/** Acts on the tree of a PID; returns how many processes it has found. */
export type Act = (pid: number) => Promise<number>;

export type Deed = 'list' | 'find' | 'kill';

const PROCFS: ClientOptions = { source: 'procfs' };
const STOPS = 'stops the tree, signals each by identity, waits until all have ended';

/** Ours first, then the others. A ratio is to the first. */
export const ACTORS: Readonly<Record<Deed, readonly Actor[]>> = {
  list: [
    { name: 'psutil-extra, children()', does: '`Process` objects of this moment', open: () => children({}) },
    { name: 'the same by procfs', does: '`Process` objects of this moment', open: () => children(PROCFS) },
    { name: 'psutil-extra, tree()', does: 'every process with its children', open: () => tree({}) },
    { name: 'the same by procfs', does: 'every process with its children', open: () => tree(PROCFS) },
    {
      name: 'pidtree',
      does: 'PIDs, by `ps -A`',
      open: async () => {
        const { default: pidtree } = await import('pidtree');
        return async (pid) => (await pidtree(pid)).length;
      },
    },
    {
      name: 'ps-tree',
      does: 'PIDs and names, by `ps -A`',
      open: async () => {
        const { default: psTree } = await import('ps-tree');
        const list = promisify(psTree);
        return async (pid) => (await list(pid)).length;
      },
    },
    {
      name: 'pstree.remy',
      does: 'PIDs, by `ps -A`',
      open: async () => {
        // Imported by a module it would take itself for the program, and print.
        const psTree = createRequire(import.meta.url)('pstree.remy') as typeof import('pstree.remy').default;
        const list = promisify(psTree);
        return async (pid) => (await list(pid)).length;
      },
    },
  ],
  find: [
    { name: 'psutil-extra, find()', does: '`Process` objects, by name', open: () => find({}) },
    { name: 'the same by procfs', does: '`Process` objects, by name', open: () => find(PROCFS) },
    {
      name: 'find-process',
      does: 'PIDs, names and commands, by `ps ax`',
      open: async () => {
        const { default: findProcess } = await import('find-process');
        return async () => (await findProcess('name', 'node', true)).length;
      },
    },
  ],
  kill: [
    { name: 'psutil-extra, killTree()', does: STOPS, open: () => killTree({}) },
    { name: 'the same by procfs', does: STOPS, open: () => killTree(PROCFS) },
    {
      name: 'tree-kill',
      does: 'a `ps` for each process, then signals to numbers; waits for none',
      open: async () => {
        const { default: treeKill } = await import('tree-kill');
        const kill = promisify<number>(treeKill);
        // It does not say how many there were.
        return async (pid) => kill(pid).then(() => DESCENDANTS);
      },
    },
    {
      name: 'pidtree, process.kill',
      does: 'one `ps`, then signals to numbers; waits for none',
      open: async () => {
        const { default: pidtree } = await import('pidtree');
        return async (pid) => {
          const pids = await pidtree(pid, { root: true });
          for (const each of pids) process.kill(each);
          return pids.length - 1;
        };
      },
    },
  ],
};

async function children(options: ClientOptions): Promise<Act> {
  const client = createClient({ threads: 1, ...options });
  return async (pid) => {
    const root = await client.process(pid);
    return (await root.children({ recursive: true })).length;
  };
}

async function tree(options: ClientOptions): Promise<Act> {
  const client = createClient({ threads: 1, ...options });
  return async (pid) => {
    const root = within(await client.tree({ fields: ['ppid'] })).find((row) => row.pid === pid);
    return root === undefined ? 0 : within(root.children).length;
  };
}

/** These rows and all beneath them. Generators within each other would hold the event loop for longer than what is measured. */
function within(rows: readonly Row[]): Row[] {
  const all = [...rows];
  for (const row of all) for (const child of row.children) all.push(child);
  return all;
}
type Row = TreeRow<'ppid'>;

async function find(options: ClientOptions): Promise<Act> {
  const client = createClient({ threads: 1, ...options });
  return async () => (await client.find({ name: 'node' })).length;
}

async function killTree(options: ClientOptions): Promise<Act> {
  const client = createClient({ threads: 1, ...options });
  // Its thread runs before it is needed, as in a program that has called it before.
  await client.umask(process.pid);
  return async (pid) => {
    const root = await client.process(pid);
    return (await root.killTree()).length - 1;
  };
}
