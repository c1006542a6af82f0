import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documents, ROOT, read, snippet, snippetsIn, snippetsOf } from './markdown.js';
import { COMMANDS, NAMED, PROGRAMS, testOf } from './runs.js';

const SNIPPETS = documents().flatMap(snippetsOf);

describe('every block of code in the documents', () => {
  it('is run by a test: say in test/documents/runs.ts which one does', () => {
    expect(SNIPPETS.filter((each) => testOf(each) === undefined).map(({ at, key }) => `${at}, ${key}`)).toEqual([]);
  });

  it('has a language, by which it is coloured', () => {
    expect(SNIPPETS.filter(({ language }) => language === '').map(({ at }) => at)).toEqual([]);
  });

  it('is fenced: this test does not see <pre>', () => {
    expect(documents().filter((file) => /<pre\b/i.test(read(file)))).toEqual([]);
  });

  it('is counted by the test that runs it', () => {
    const count = (test: string) => SNIPPETS.filter((each) => testOf(each) === test).length;
    const tests = new Set(SNIPPETS.map((each) => testOf(each) ?? 'no test'));
    console.log(
      [`${SNIPPETS.length} blocks`, ...Array.from(tests, (test) => `${count(test)} in ${test}`)].join('\n  '),
    );
    expect(SNIPPETS.length).toBeGreaterThan(50);
  });
});

describe('a test that is named for a block', () => {
  it.each(Object.entries(NAMED).map(([key, test]) => ({ key, test })))('$test has $key', ({ key, test }) => {
    expect(snippet(key).code).not.toBe('');
    expect(existsSync(ROOT + test)).toBe(true);
    // The test takes the block out of the document by this key.
    expect(read(test).replaceAll("\\'", "'")).toContain(key);
  });

  it('is not one that runs every block', () => {
    expect(Object.values(NAMED).filter((test) => test === PROGRAMS || test === COMMANDS)).toEqual([]);
  });
});

describe('a block is found', () => {
  it.each([
    ['of any language', '```rust\nfn\n```', 'rust', 'fn\n'],
    ['of none', 'a\n\n```\nfn\n```\n', '', 'fn\n'],
    ['with words behind its language', '```ts twoslash {1,3}\nfn\n```', 'ts', 'fn\n'],
    ['with lines marked', '```ts{1,3}\nfn\n```', 'ts', 'fn\n'],
    ['with tildes', '~~~ sh\nfn\n~~~', 'sh', 'fn\n'],
    ['in a list', '- x\n\n  ```sh\n  fn\n  ```\n', 'sh', '  fn\n'],
    ['behind a number', '1. ```sh\n   fn\n   ```\n', 'sh', '   fn\n'],
    ['in a quotation', '> ```sh\n> fn\n> ```\n', 'sh', '> fn\n'],
    ['with a fence within', '````md\n```\n````', 'md', '```\n'],
  ])('%s', (_, text, language, code) => {
    expect(found(text)).toEqual([{ language, code }]);
  });

  it('and one without an end is an error', () => {
    expect(() => found('```sh\nfn\n')).toThrow('x.md:1 begins a block that nothing ends');
  });

  it('of a language or with a command that no test knows, and no test runs it', () => {
    const texts = [
      '```python\nprint(1)\n```',
      '```sh\nnpx psutil-extra scan\ncurl x\n```',
      '```\nx\n```',
      '```js\n1\n```',
    ];
    expect(texts.flatMap((text) => snippetsIn('x.md', text)).map(testOf)).toEqual([
      undefined,
      undefined,
      undefined,
      PROGRAMS,
    ]);
  });
});

function found(text: string) {
  return snippetsIn('x.md', text).map(({ language, code }) => ({ language, code }));
}
