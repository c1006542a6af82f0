import { describe, expect, it } from 'vitest';
import { type Branch, walk } from '../../packages/client/dist/cli/process-tree.mjs';
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

function branch(pid: number, startTime: number | null, ...children: readonly Branch[]): Branch {
  return { pid, startTime, children };
}

describe('the trees that client.tree() returns', () => {
  it('are printed with each process before its children, and the oldest of siblings first', () => {
    const roots = [branch(9, 30, branch(4, 60), branch(3, 60), branch(8, 50, branch(2, 70))), branch(7, 20)];
    const shown = [...walk(roots)].map(({ branch: { pid }, depth }) => [pid, depth]);
    expect(shown).toEqual([
      [7, 0],
      [9, 0],
      [8, 1],
      [2, 2],
      [3, 1],
      [4, 1],
    ]);
    expect(roots.map(({ pid }) => pid)).toEqual([9, 7]);
  });

  it('are printed where no start is known, by the numbers', () => {
    expect([...walk([branch(3, null), { pid: 2, children: [] }])].map((place) => place.branch.pid)).toEqual([2, 3]);
  });

  it('may be as deep as there are processes', () => {
    let chain = branch(30_000, 0);
    for (let pid = 29_999; pid > 0; pid--) chain = branch(pid, 0, chain);
    let deepest = 0;
    for (const { depth } of walk([chain])) deepest = Math.max(deepest, depth);
    expect(deepest).toBe(29_999);
  });
});
