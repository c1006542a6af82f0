import { describe, expect, it } from 'vitest';
// What the command prints of texts that others have chosen.
import { escapeCell, escapeJson, escapeMessage, escapeName } from '../../packages/client/dist/cli/escape.mjs';

/** Characters, none of which leaves a mark on a terminal, or which change what stands around them. */
const UNSEEN = [
  ...charactersWith(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u),
  ...charactersWith(/(?! )\p{White_Space}/u),
  // Which no property of Unicode distinguishes from others.
  '\u2800',
  '\u{13441}',
];
const ESCAPED = /^\\(?:[nrt]|x[0-9a-f]{2}|u\{[0-9a-f]+\})$/;

describe('a name', () => {
  it('has every invisible character escaped', () => {
    expect(UNSEEN.length).toBeGreaterThan(4000);
    expect(UNSEEN).toEqual(expect.arrayContaining(['\u3164', '\u115f', '\u034f', '\ufe0f', '\u00a0', '\u3000']));
    expect(UNSEEN.filter((character) => !ESCAPED.test(escapeName(character)))).toEqual([]);
    expect(UNSEEN.filter((character) => escapeName(`a${character}b`) !== `a${escapeName(character)}b`)).toEqual([]);
  });

  it('has a mark escaped that stands alone, and one upon a letter shown', () => {
    const marks = charactersWith(/\p{M}/u);
    expect(marks.length).toBeGreaterThan(2000);
    expect(marks.filter((mark) => !escapeName(mark).startsWith('\\u{'))).toEqual([]);
    expect(escapeName('\u0301\u0302')).toBe('\\u{301}\\u{302}');
    expect(escapeName('e\u0301\u0302')).toBe('e\u0301\u0302');
    expect(escapeName('\u200b\u0301')).toBe('\\u{200b}\\u{301}');
    expect(escapeName('a \u0301')).toBe('a \\u{301}');
  });

  it.each([
    { name: 'kworker/0:1', shown: 'kworker/0:1' },
    { name: 'Web Content', shown: 'Web Content' },
    { name: '名前', shown: '名前' },
    { name: 'café ☕ 🦊', shown: 'café ☕ 🦊' },
    { name: 'हिन्दी', shown: 'हिन्दी' },
    { name: 'a\\b', shown: 'a\\\\b' },
    { name: '  ', shown: '\\x20\\x20' },
    { name: ' a ', shown: '\\x20a\\x20' },
    { name: '\ud800', shown: '\\u{d800}' },
    { name: '', shown: '' },
  ])('$name is shown as $shown', ({ name, shown }) => {
    expect(escapeName(name)).toBe(shown);
  });

  it('takes time linear in its length, for any characters', () => {
    const began = performance.now();
    for (const part of ['\u0301', '\\', '\u200b\u0301', 'e\u0301', ' ', '\\\u0301']) {
      for (const each of [escapeName, escapeCell, escapeJson, escapeMessage]) each(part.repeat(20_000));
    }
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('JSON', () => {
  it('shows invisible characters as escapes, and parses to the same value', () => {
    const all = UNSEEN.join('') + charactersWith(/\p{M}/u).join('');
    const text = escapeJson(JSON.stringify([all, '\u0301', '"\u0301', 'e\u0301']));
    expect(text).toMatch(/^[ -~]*e\u0301"\]$/);
    expect(JSON.parse(text)).toEqual([all, '\u0301', '"\u0301', 'e\u0301']);
  });
});

describe('a cell of CSV', () => {
  it('keeps line breaks and backslashes, and escapes what a terminal acts on', () => {
    expect(escapeCell('a\n=1\\ü "x"')).toBe('a\n=1\\ü "x"');
    expect(escapeCell('\x1b[31m\r\t\u3164')).toBe('\\x1b[31m\\r\\t\\u{3164}');
  });

  it('is different for different texts', () => {
    const parts = ['\\', '\x1b', '\\x1b', '\\u{200b}', '\u200b', 't', '\t', 'x', '\n', '\\\\', 'ü'];
    const texts = parts.flatMap((a) => parts.flatMap((b) => parts.map((c) => a + b + c)));
    const cells = new Map<string, string>();
    for (const text of texts) {
      const other = cells.get(escapeCell(text));
      expect(other ?? text).toBe(text);
      cells.set(escapeCell(text), text);
    }
  });
});

it('a message keeps its backslashes', () => {
  expect(escapeMessage('C:\\x \x1b[2J\u202e')).toBe('C:\\x \\x1b[2J\\u{202e}');
});

function charactersWith(property: RegExp): string[] {
  const characters: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (property.test(character)) characters.push(character);
  }
  return characters;
}
