import { describe, expect, it } from 'vitest';
import { Redaction } from '../../packages/client/dist/columnar/redaction.js';

describe('a pattern', () => {
  it.each([
    ['replaces every match', [/\d+/], ['a 1', 'b22c'], ['a [redacted]', 'b[redacted]c']],
    ['sees texts joined by a space', [/(?<=-p )\S+/], ['-p', 'x'], ['-p', '[redacted]']],
    ['replaces in each text that a match covers', [/-p x/], ['-p', 'x', 'y'], ['[redacted]', '[redacted]', 'y']],
    ['is one of several', [/a/, /b/], ['a', 'b', 'c'], ['[redacted]', '[redacted]', 'c']],
    ['may match nothing', [/x*/], ['abc', ''], ['abc', '']],
    ['keeps its flags, and needs none', [/SECRET/i, /y/gy], ['secret', 'xy'], ['[redacted]', 'x[redacted]']],
    ['leaves the space between texts', [/.+/], ['ab', 'cd'], ['[redacted]', '[redacted]']],
  ])('%s', (_, patterns, texts, redacted) => {
    expect(new Redaction(patterns).texts(texts)).toEqual(redacted);
  });

  it('is for texts, and not for enumerations and numbers', () => {
    const text = { kind: 'text' } as const;
    const type = {
      kind: 'struct',
      members: [
        { name: 'kind', type: { kind: 'enum', values: ['file'] }, optional: false },
        { name: 'path', type: text, optional: false },
        { name: 'fd', type: { kind: 'i32' }, optional: false },
      ],
    } as const;
    expect(new Redaction([/file|1/]).value(type, { kind: 'file', path: '/file', fd: 1 })).toEqual({
      kind: 'file',
      path: '/[redacted]',
      fd: 1,
    });
  });
});
