import { describe, expect, it } from 'vitest';
import { rootsOf, walk } from '../../packages/client/dist/cli/process-tree.js';
import { shell } from '../cli-child.js';
import { psutilExtra } from '../cli-command.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';

interface Node {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly cmdline: readonly string[];
  readonly children: readonly Node[];
}

/** A shell with a subshell that has two sleeping children, which end with this object. */
class Family implements Disposable {
  readonly #shell = new Spawned(['sh', '-c', '(sleep 301 & sleep 302 & wait) & wait'], {
    detached: true,
    stdio: 'ignore',
  });
  /** What the command prints of it. */
  tree: readonly Node[] = [];

  static async start(): Promise<Family> {
    const family = new Family();
    await until('all have begun', async () => {
      family.tree = JSON.parse((await psutilExtra(['tree', '--json', String(family.pid)])).stdout);
      return family.subshell?.children.every(({ name }) => name === 'sleep') && family.subshell.children.length === 2;
    });
    return family;
  }

  get pid(): number {
    return this.#shell.pid;
  }

  get subshell(): Node | undefined {
    return this.tree[0]?.children[0];
  }

  [Symbol.dispose](): void {
    process.kill(-this.pid, 'SIGKILL');
  }
}

describe('psutil-extra tree', () => {
  it('prints a process with its descendants, children within their parents', async () => {
    using family = await Family.start();
    const { subshell } = family;
    expect(family.tree[0]).toMatchObject({ pid: family.pid, ppid: process.pid, name: 'sh' });
    expect(subshell).toMatchObject({ ppid: family.pid, name: 'sh' });
    expect(subshell?.children.map(({ cmdline }) => cmdline)).toEqual([
      ['sleep', '301'],
      ['sleep', '302'],
    ]);
    expect(subshell?.children.map(({ ppid }) => ppid)).toEqual([subshell?.pid, subshell?.pid]);
  });

  it('draws it as a table', async () => {
    using family = await Family.start();
    const { stdout, stderr, code } = await psutilExtra(['tree', String(family.pid)]);
    const [first, second] = family.subshell?.children ?? [];
    const [heads, root, , ...rest] = stdout.trimEnd().split('\n');
    expect(heads).toMatch(/^ *PID {2}COMMAND$/);
    expect(root).toMatch(new RegExp(`^ *${family.pid}  sh -c \\(sleep 301`));
    expect(rest.map((line) => line.trim())).toEqual([
      `${first?.pid}     ├─ sleep 301`,
      `${second?.pid}     └─ sleep 302`,
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('has an object a line in NDJSON, with its depth, in the order of the table', async () => {
    using family = await Family.start();
    const { stdout } = await psutilExtra(['tree', '--ndjson', String(family.pid)]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Node & { depth: number });
    const { subshell } = family;
    expect(lines.map(({ pid, depth }) => [pid, depth])).toEqual([
      [family.pid, 0],
      [subshell?.pid, 1],
      ...(subshell?.children ?? []).map(({ pid }) => [pid, 2]),
    ]);
    expect(lines[0]).not.toHaveProperty('children');
  });

  it('of all processes has each of them once, below its parent', async () => {
    await using child = await shell(':');
    const { stdout, stderr } = await psutilExtra(['tree', '--json']);
    const parents = new Map<number, number>();
    const visit = (node: Node, parent: number) => {
      expect(parents.has(node.pid)).toBe(false);
      parents.set(node.pid, parent);
      for (const each of node.children) visit(each, node.pid);
    };
    for (const root of JSON.parse(stdout) as Node[]) visit(root, 0);
    expect(parents.get(child.pid)).toBe(process.pid);
    expect(parents.get(process.pid)).toBe(process.ppid);
    expect(stderr).toMatch(new RegExp(`^${parents.size} processes in \\d+ ms\n$`));
    const table = await psutilExtra(['tree']);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(Number.parseInt(table.stderr, 10) + 1);
  });
});

function listed(pid: number, ppid: number | null, startTime: number | null = pid) {
  return { pid, ppid, startTime };
}

/** Each process of the tree, by its number, with its depth. */
function shape(...processes: readonly ReturnType<typeof listed>[]) {
  return [...walk(rootsOf(processes))].map(({ branch: { pid }, depth }) => [pid, depth]);
}

describe('the tree of a listing', () => {
  it('has as roots those whose parents are not in it', () => {
    expect(shape(listed(1, 0), listed(2, 0), listed(7, 5), listed(3, 1))).toEqual([
      [1, 0],
      [3, 1],
      [2, 0],
      [7, 0],
    ]);
  });

  it('has no child that began before its parent: another process had the PID then', () => {
    expect(shape(listed(1, 0), listed(50, 1, 10), listed(9, 50, 5))).toEqual([
      [1, 0],
      [50, 1],
      [9, 0],
    ]);
  });

  it('has children of the same moment as their parent, also with a lower number', () => {
    expect(shape(listed(9, 0, 100), listed(3, 9, 100))).toEqual([
      [9, 0],
      [3, 1],
    ]);
  });

  it('has every process once where each of two seems to be the parent of the other', () => {
    expect(shape(listed(5, 6, 100), listed(6, 5, 100), listed(7, 6, 100), listed(8, 8, 100))).toEqual([
      [6, 0],
      [5, 1],
      [7, 1],
      [8, 0],
    ]);
  });

  it('believes the number of the parent where no start is known', () => {
    expect(shape(listed(1, 0, null), listed(2, 1, 50), listed(3, 2, null), listed(4, null))).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 0],
    ]);
  });

  it('may be as deep as there are processes', () => {
    const chain = Array.from({ length: 30_000 }, (_, i) => listed(i + 1, i));
    let deepest = 0;
    for (const { depth } of walk(rootsOf(chain))) deepest = Math.max(deepest, depth);
    expect(deepest).toBe(29_999);
  });
});
