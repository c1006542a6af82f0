import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Snippet, snippet } from '../documents/markdown.js';
import { SnippetFolder } from '../documents/snippet-folder.js';

/** The programs of the README. That of `record()` runs until it is interrupted. */
const RECORD = snippet("packages/parquet/README.md: import { record } from '@psutil-extra/parquet';");
const WRITE = snippet("packages/parquet/README.md: import { writeParquet } from '@psutil-extra/parquet';");

let folder: SnippetFolder;
beforeAll(async () => {
  folder = await SnippetFolder.make();
  expect(await folder.compile([ENDING, WRITE])).toBe('');
});
afterAll(() => folder[Symbol.asyncDispose]());

/** As if ^C were pressed while the first reading is written, which is then whole. */
const ENDING: Snippet = {
  ...RECORD,
  code: RECORD.code.replace(
    'await using client = createClient();',
    `await using client = createClient();
const { readdirSync } = await import('node:fs');
const begun = () => readdirSync('.', { recursive: true }).some((name) => String(name).endsWith('.journal'));
setInterval(() => begun() && process.kill(process.pid, 'SIGINT'), 20).unref();`,
  ),
};

it('records until it is interrupted', async () => {
  const { code, stdout, stderr } = await folder.runCompiled(ENDING);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^[1-9]\d* readings in 1 files, \d+ bytes\n$/);
});

it('writes a table', async () => {
  const { code, stdout, stderr } = await folder.runCompiled(WRITE);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+ processes, \d+ bytes\n$/);
});
