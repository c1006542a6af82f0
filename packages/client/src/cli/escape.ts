/**
 * What a process is called is up to whoever started it. Characters that a terminal acts on, or that make a
 * line look like another, are shown as in a JavaScript string: `\n`, `\x1b`, `\u{202e}`, and `\\`.
 */
export function escapeName(name: string): string {
  return name.replaceAll(UNSEEN, (character) => {
    const known = SHORT[character];
    if (known !== undefined) return known;
    const code = character.codePointAt(0) as number;
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`;
  });
}

/** JSON text that a terminal shows as it is; it parses to the same. */
export function escapeJson(json: string): string {
  return json.replaceAll(UNSEEN_IN_JSON, (character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i), 4)}`).join(''),
  );
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

// Control characters (C1 has an escape of its own), format characters (such as those that turn the
// writing direction), separators of lines and paragraphs, and halves of surrogate pairs.
const UNSEEN_IN_JSON = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNSEEN = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
