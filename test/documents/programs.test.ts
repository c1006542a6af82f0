import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents, snippetsOf } from './markdown.js';
import { PROGRAMS, testOf } from './runs.js';
import { SnippetFolder } from './snippet-folder.js';

const SNIPPETS = documents()
  .flatMap(snippetsOf)
  .filter((snippet) => testOf(snippet) === PROGRAMS);
const inLanguage = (language: string) => SNIPPETS.filter((snippet) => snippet.language === language);

describe('a program in the documents', () => {
  let folder: SnippetFolder;
  let complaints: string;

  beforeAll(async () => {
    folder = await SnippetFolder.make();
    complaints = await folder.compile(inLanguage('ts'));
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  it('in TypeScript is type-checked', () => {
    expect(complaints).toBe('');
  });

  it.each(inLanguage('ts'))('$at runs', async (snippet) => {
    expect(await folder.runCompiled(snippet)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(inLanguage('js'))('$at runs unchanged', async (snippet) => {
    expect(await folder.run(snippet)).toMatchObject({ code: 0, stderr: '' });
  });
});
