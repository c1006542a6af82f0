import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply } from './addition.js';
import { list } from './list.js';
import { number } from './number.js';
import { Tree } from './tree.js';

/** What CONTRIBUTING.md says of a new field, done to a copy of the repository. */
const CLI = 'packages/client/dist/cli/main.js';
const PROGRAM = `
import { createClient } from 'psutil-extra';
const client = createClient({ threads: 1 });
const pid = process.pid;
const fields = ['exitSignal', 'dumpFilter'];
const table = await client.scan({ fields, pids: [pid] });
console.log(JSON.stringify({
  call: [await client.exitSignal(pid), await client.dumpFilter(pid)],
  row: table.toArray(),
  oneshot: await client.oneshot(pid, async (one) => [await one.exitSignal(), await one.dumpFilter()]),
  snapshot: await client.snapshot(pid, { fields }),
  numbers: [...table.column('exitSignal')],
  offsets: [...table.column('dumpFilter').offsets],
  texts: table.column('dumpFilter').values,
  supports: fields.map((field) => client.supports(field)),
}));
await client.close();
`;
const signal = constants.signals.SIGCHLD;
const lines = readFileSync('/proc/self/coredump_filter', 'utf8').split('\n').slice(0, -1);
let tree: Tree;
let generated: string[];

beforeAll(async () => {
  tree = await Tree.copy();
  for (const addition of [number, list]) apply(addition, tree.path);
  const check = tree.run(process.execPath, ['packages/native/schema/generate.mjs', '--check']);
  const stale = await check.catch(({ message }: Error) => message);
  generated = Array.from(stale.matchAll(/^(.+) is stale/gm), ([, path]) => path as string);
  await tree.run('npm', ['run', '--silent', 'generate']);
  await tree.run('npm', ['run', '--silent', 'compile'], 'packages/native');
  await tree.run('npx', ['tsc', '-b']);
  await tree.run(process.execPath, ['packages/bundle.mjs']);
  await writeFile(join(tree.path, 'test/read.mjs'), PROGRAM);
}, 600_000);
afterAll(() => tree?.[Symbol.asyncDispose]());

const scanned = (...options: string[]) =>
  tree.run(process.execPath, [CLI, 'scan', '--fields', 'name,exitSignal,dumpFilter', ...options]);

test('an integer of stat takes four files by hand, and a list from a file of its own six', () => {
  expect(Object.keys(number.files).length).toBeLessThanOrEqual(4);
  expect(Object.keys(list.files).length).toBeLessThanOrEqual(6);
});

test('all else that changes is generated', async () => {
  const byHand = new Set([number, list].flatMap(({ files }) => Object.keys(files)));
  const changed = await tree.changed();
  expect(changed.filter((file) => file !== 'test/read.mjs' && !byHand.has(file))).toEqual([...generated].sort());
});

test('calls, rows, columns, snapshots and oneshots have both', async () => {
  const it = JSON.parse(await tree.run(process.execPath, ['read.mjs'], 'test'));
  const values = { exitSignal: signal, dumpFilter: lines };
  const pid = expect.any(Number);
  expect(it).toEqual({
    call: [signal, lines],
    row: [{ pid, ...values }],
    oneshot: [signal, lines],
    snapshot: { pid, ...values },
    numbers: [signal],
    offsets: [0, lines.length],
    texts: lines,
    supports: [true, true],
  });
});

test('the command has them in its table, as JSON, CSV and Arrow, and in all that it shows', async () => {
  const { pid } = process;
  const [heads, ...rows] = (await scanned()).split('\n').map((line) => line.trim().split(/ +/));
  expect(heads).toEqual(['PID', 'NAME', 'EXITSIGNAL', 'DUMPFILTER']);
  expect(rows.find(([first]) => first === String(pid))?.slice(-2)).toEqual([String(signal), expect.any(String)]);
  const objects: { pid: number }[] = JSON.parse(await scanned('--json'));
  expect(objects.find((each) => each.pid === pid)).toMatchObject({ exitSignal: signal, dumpFilter: lines });
  expect(await scanned('--csv')).toMatch(
    new RegExp(`^pid,name,exitSignal,dumpFilter\r\n(.*\r\n)*${pid},.*,${signal},`),
  );
  expect(await scanned('--arrow')).toContain('dumpFilter');
  const shown = await tree.run(process.execPath, [CLI, 'show', String(pid)]);
  expect(shown).toMatch(new RegExp(`\\n {2}exitSignal +${signal}\\n`));
  expect(shown).toContain(lines[0]);
});

test('the tests of the repository hold, and those of the two fields', async () => {
  await tree.run('npx', ['vitest', 'run', '--typecheck.enabled=false', ...TESTS]);
}, 300_000);

const TESTS = [
  'test/contract/exit-signal.test.ts',
  'test/contract/dump-filter.test.ts',
  'test/contract/supports.test.ts',
  'test/native/field-table.test.ts',
  'test/native/load.test.ts',
  'test/property/frame.test.ts',
  'test/systems/contract/',
  'test/command/completion.test.ts',
  'test/documents/readme.test.ts',
];
