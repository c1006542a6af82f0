import { userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Client, createClient, type Process, type ProcessTable } from 'psutil-extra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExampleService } from './example-service.js';
import { codeIn, type Snippet, tableOf } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

/** The README's table of what people want: each cell on the right is compiled, and run against a service. */
const ROWS = tableOf('README.md', ['you want', 'you write'])
  .map(([want = '', write = '']) => ({ want, write, code: codeIn(write)[0] ?? '' }))
  .filter(({ write }) => write !== '');

/** What a cell gives, and the service that it was asked about. */
type Check = (value: never, service: ExampleService) => unknown;

const CHECKS: Record<string, Check> = {
  'every process, with its command line': (table: ProcessTable<'name' | 'cmdline'>, { pid, name, cmdline }) =>
    expect(table.get(pid)).toEqual({ pid, name, cmdline }),
  'the five that use the most CPU': (rows: { cpuPercent: number }[]) => descend(rows.map((row) => row.cpuPercent)),
  'the five that use the most memory': (rows: { memory: { rss: number } }[]) =>
    descend(rows.map(({ memory }) => memory.rss)),
  'processes by name': (found: Process[], { pid }) => expect(found.map((each) => each.pid)).toEqual([pid]),
  'processes by a part of the command line': (found: Process[], { pid }) =>
    expect(found.map((each) => each.pid)).toEqual([pid]),
  'the process that uses a port': (found: Process[], { pid }) => expect(found.map((each) => each.pid)).toEqual([pid]),
  'whether a PID is in use': (is: boolean) => expect(is).toBe(true),
  'the descendants of a process': (children: Process[], { child }) =>
    expect(children.map((each) => each.pid)).toEqual([child]),
  'all processes as a tree': (roots: Row[], { pid, child }) => {
    expect(within(roots, pid)?.children.map((each) => each.pid)).toEqual([child]);
  },
  'its command line': (cmdline: string[], service) => expect(cmdline).toEqual(service.cmdline),
  'its user': (user: string) => expect(user).toBe(userInfo().username),
  'when it was started': (date: Date) => expect(Math.abs(Date.now() - date.getTime())).toBeLessThan(60_000),
  'its memory': (bytes: number) => expect(bytes).toBeGreaterThan(10 * 2 ** 20),
  'its CPU use in percent': (percent: number) => expect(percent).toBeGreaterThanOrEqual(0),
  'the CPU time that it has used': ({ user, system }: { user: number; system: number }) =>
    expect(user + system).toBeGreaterThan(0),
  'its environment': (environ: Record<string, string>) => expect(environ['PATH']).toBe(process.env['PATH']),
  'the files that it has open': (files: { path: string }[], { cmdline }) =>
    expect(files.map(({ path }) => path)).toContainEqual(expect.stringContaining(cmdline[1])),
  'the ports that it listens on': (sockets: { local: unknown }[], { port }) =>
    expect(sockets.map(({ local }) => local)).toEqual([{ address: '127.0.0.1', port }]),
  'CPU time and memory of some PIDs at once': (table: ProcessTable<'memory'>, { pid }) =>
    expect(new Set(table.pids)).toEqual(new Set([pid, process.pid])),
  'CPU and memory of all, every second': (printed: { pid: number; cpuPercent: number }[], { pid }) =>
    expect(printed.find((row) => row.pid === pid)?.cpuPercent).toBeGreaterThanOrEqual(0),
  'stop it': (_: true, service) => service.ended(),
  'stop it and its descendants': async (ended: { pid: number; status: string }[], service) => {
    await service.ended();
    expect(new Set(ended.map(({ pid }) => pid))).toEqual(new Set([service.pid, service.child]));
  },
  'wait until it ends': ({ signal }: { signal: string }) => expect(signal).toBe('SIGTERM'),
  'ask later whether it is still the same one': (is: boolean) => expect(is).toBe(true),
  'limit how many files it can open': async (_: unknown, { pid }) => {
    expect(await client.getrlimit(pid, 'RLIMIT_NOFILE')).toEqual({ soft: 4096, hard: 8192 });
  },
};

type Cells = Record<string, (client: Client, pid: number, proc: Process) => Promise<never>>;

const CELLS = moduleOf(ROWS);
let client: Client;
let folder: SnippetFolder;
let complaints: string;

beforeAll(async () => {
  client = createClient({ threads: 1 });
  folder = await SnippetFolder.make();
  complaints = await folder.compile([CELLS]);
});

afterAll(async () => {
  await client.close();
  await folder[Symbol.asyncDispose]();
});

describe('the README answers', () => {
  it('twenty-five questions', () => {
    expect(ROWS.map(({ want }) => want)).toEqual(Object.keys(CHECKS));
    expect(ROWS).toHaveLength(25);
  });

  it('each in TypeScript that compiles', () => {
    expect(complaints).toBe('');
  });

  it.for(ROWS)('$want: $code', async ({ want }, { skip }) => {
    const { hard } = await client.getrlimit(process.pid, 'RLIMIT_NOFILE');
    skip(want === 'limit how many files it can open' && hard < 8192, 'to raise a hard limit takes a privilege');
    await using service = await ExampleService.start(folder.path);
    const proc = await client.process(service.pid);
    const value = (await cellsAbout(service))[want]?.(client, service.pid, proc);
    if (want === 'wait until it ends') await proc.kill();
    await CHECKS[want]?.((await value) as never, service);
  });
});

async function cellsAbout(service: ExampleService): Promise<Cells> {
  const file = `${service.name}.mjs`;
  await folder.write(file, service.about(await folder.compiled(CELLS)));
  return ((await import(pathToFileURL(join(folder.path, file)).href)) as { default: Cells }).default;
}

/** A module with each cell as a function. */
function moduleOf(rows: typeof ROWS): Snippet {
  const functions = rows.map(({ want, code }) => {
    // A loop has no value of its own: it ends with what its first turn would print.
    const body = code.startsWith('for await') ? code.replace(/console\.log\((.*)\)$/, 'return $1') : `return ${code}`;
    return `  ${JSON.stringify(want)}: async (client: Client, pid: number, proc: Process) => { ${body} },`;
  });
  const code = `import type { Client, Process } from 'psutil-extra';\nexport default {\n${functions.join('\n')}\n};\n`;
  return { at: 'questions', key: 'questions', file: 'README.md', language: 'ts', code };
}

function descend(values: readonly number[]): void {
  expect(values.length).toBeGreaterThan(0);
  expect(values.length).toBeLessThanOrEqual(5);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
}

interface Row {
  readonly pid: number;
  readonly children: readonly Row[];
}

function within(rows: readonly Row[], pid: number): Row | undefined {
  for (const row of rows) {
    const found = row.pid === pid ? row : within(row.children, pid);
    if (found !== undefined) return found;
  }
  return undefined;
}
