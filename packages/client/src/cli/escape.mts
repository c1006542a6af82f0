/**
 * A process may have any name. Control characters, invisible characters, and characters that make a line look like another
 * are shown as in a JavaScript string: `\n`, `\x1b`, `\u{202e}`, `\\`, and a space at an end as `\x20`.
 */
export function escapeName(name: string): string {
  if (PLAIN.test(name)) return name;
  return escaped(name.replaceAll('\\', '\\\\'), short).replace(/^ /, '\\x20').replace(/ $/, '\\x20');
}

/**
 * The same for a cell of CSV, without line breaks: RFC 4180 has quotes for them. A backslash is doubled only if it would
 * otherwise be read as the beginning of an escape.
 */
export function escapeCell(text: string): string {
  return escaped(text.replaceAll(AMBIGUOUS, '\\\\'), (character) =>
    character === '\n' ? character : short(character),
  );
}

/** The same for a message, which may have backslashes of its own. */
export function escapeMessage(text: string): string {
  return escaped(text, short);
}

/** JSON text that a terminal shows as it is; it parses to the same. */
export function escapeJson(json: string): string {
  return escaped(json, (character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i), 4)}`).join(''),
  );
}

/** A text in which `toEscape` has replaced each invisible character, in one pass. */
function escaped(text: string, toEscape: (character: string) => string): string {
  if (ASCII.test(text)) return text;
  let shown = '';
  // A combining mark changes the letter before it; at the start it would change what is printed before the text.
  let hasBase = false;
  for (const character of text) {
    const isUnseen: boolean = UNSEEN.test(character) || (!hasBase && MARK.test(character));
    shown += isUnseen ? toEscape(character) : character;
    hasBase = !isUnseen && character !== ' ' && character !== '"';
  }
  return shown;
}

function short(character: string): string {
  const known = SHORT[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) as number;
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const ASCII = /^[ -~]*$/;
/** A text without a character to escape, a backslash to double, or a space at an end. */
const PLAIN = /^(?! )[ -[\]-~]*(?<! )$/;

/**
 * Control and format characters, halves of surrogate pairs and unassigned code points; separators and every space except the
 * usual one; characters that are ignored by default, such as fillers and variation selectors. Unicode has no property for
 * the rest: characters of scripts and notations that have no visible shape.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800\u{13441}\u{13442}\u{1d159}]|\u{16fe4}|(?! )\p{Zs}/u;
/** Combining marks. */
const MARK = /\p{M}/u;
/** A backslash before a character that follows one in an escape, or before a character that will be escaped. */
const AMBIGUOUS = new RegExp(`\\\\(?=[\\\\xurt]|(?!\\n)(?:${UNSEEN.source}))`, 'gu');
