import { afterAll, beforeAll, expect, it } from 'vitest';
import { snippet } from '../documents/markdown.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

const INSTALL = snippet('packages/parquet/README.md: npm install psutil-extra @psutil-extra/parquet');
const ASK = snippet("packages/parquet/README.md: import { DuckDBInstance } from '@duckdb/node-api';");
const SHOWN = snippet(
  'packages/parquet/README.md: ┌─────────┬─────────┬───────┬────────────┬──────────┬──────────────┬───────────┐',
);
let packed: Shelf;
beforeAll(async () => {
  packed = await shelf(await registryHere());
});
afterAll(() => packed[Symbol.asyncDispose]());

it("in an empty folder, the README's two commands record, and its program prints what it shows", async () => {
  await using folder = await EmptyFolder.make(packed.url);
  const [install = '', record = ''] = INSTALL.code.split('\n');
  expect(await folder.shell(install)).toMatchObject({ code: 0 });
  // As ^C after some seconds; timeout(1) says that it has done it.
  const recorded = await folder.shell(
    `timeout --preserve-status -s INT 5 ${record.replace('npx ', 'node_modules/.bin/')}`,
  );
  expect(recorded).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/[1-9]\d* readings? of \d+ rows in 1 file/),
  });
  expect(await folder.shell('npm install @duckdb/node-api')).toMatchObject({ code: 0 });
  await folder.write('ask.mjs', ASK.code);
  const { code, stdout, stderr } = await folder.shell('node ask.mjs');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(heads(stdout)).toEqual(heads(SHOWN.code));
  expect(stdout).toMatch(/│ 4 /);
}, 240_000);

function heads(table: string): string[] | undefined {
  return table
    .split('\n')[1]
    ?.split('│')
    .map((head) => head.trim());
}
