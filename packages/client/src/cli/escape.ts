/**
 * What a process is called is up to whoever started it. Characters that a terminal acts on, that nobody sees, or that make
 * a line look like another, are shown as in a JavaScript string: `\n`, `\x1b`, `\u{202e}`, `\\`, and a space at an end
 * `\x20`.
 */
export function escapeName(name: string): string {
  if (PLAIN.test(name)) return name;
  return escaped(name.replaceAll('\\', '\\\\'), short).replace(/^ /, '\\x20').replace(/ $/, '\\x20');
}

/**
 * The same for a cell of CSV, where a line break stays as it is: RFC 4180 has quotes for it. A backslash is doubled only
 * where it would be taken for the beginning of one of these.
 */
export function escapeCell(text: string): string {
  return escaped(text.replaceAll(AMBIGUOUS, '\\\\'), (character) =>
    character === '\n' ? character : short(character),
  );
}

/** The same for a message, which has backslashes of its own. */
export function escapeMessage(text: string): string {
  return escaped(text, short);
}

/** JSON text that a terminal shows as it is; it parses to the same. */
export function escapeJson(json: string): string {
  return escaped(json, (character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${hex(character.charCodeAt(i), 4)}`).join(''),
  );
}

/** A text with what `toEscape` makes of each character that is not seen, in one go however many there are. */
function escaped(text: string, toEscape: (character: string) => string): string {
  if (ASCII.test(text)) return text;
  let shown = '';
  // A mark is seen upon a letter; alone it would be put upon whatever stands before the text.
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
/** Nothing to escape, nor a backslash to double, nor a space at an end. */
const PLAIN = /^(?! )[ -[\]-~]*(?<! )$/;

/**
 * Control and format characters, halves of surrogate pairs and what is not assigned; separators and every space but the
 * usual one; what is ignored by default, such as fillers and variation selectors. Unicode has no property for the rest:
 * characters of scripts and notations that are drawn as nothing.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800\u{13441}\u{13442}\u{1d159}]|\u{16fe4}|(?! )\p{Zs}/u;
/** What is put upon the character before it. */
const MARK = /\p{M}/u;
/** A backslash before what follows one in an escape, or before what will be escaped. */
const AMBIGUOUS = new RegExp(`\\\\(?=[\\\\xurt]|(?!\\n)(?:${UNSEEN.source}))`, 'gu');
