import { FIELD_INDEX, FIELDS, type FieldRow, FieldSet, type Frame, textsOf } from '@psutil-extra/native/protocol';
import { invalidType, isIterable } from '../support/arguments.js';

/**
 * Masks what patterns match in the texts of a frame: each byte becomes `*`, so that nothing moves. Each text is searched by itself,
 * and a command line also as one text with spaces between its arguments, for `--password secret`.
 */
export class Redaction {
  readonly #patterns: readonly RegExp[];

  constructor(patterns: readonly RegExp[]) {
    this.#patterns = patterns;
  }

  /** @throws TypeError that names the option. */
  static of(redact: unknown): Redaction {
    if (redact === undefined) return new Redaction([]);
    if (!isIterable(redact)) throw invalidType('options.redact', 'an array of regular expressions', redact);
    const patterns = [...redact].map((pattern, at) => {
      if (!(pattern instanceof RegExp)) throw invalidType(`options.redact[${at}]`, 'a regular expression', pattern);
      // Of its own: the caller's has a position.
      return new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`);
    });
    return new Redaction(patterns);
  }

  /** Changes the bytes of the frame. */
  apply(frame: Frame): void {
    if (this.#patterns.length === 0 || !frame.fields.intersects(TEXTUAL)) return;
    for (const field of frame.fields.intersection(TEXTUAL)) {
      for (const texts of textsOf(frame, field)) {
        if (field === FIELD_INDEX.cmdline && texts.length > 1) this.#mask(texts, joined(texts));
        for (const text of texts) this.#mask([text], text);
      }
    }
  }

  /** Masks the matches in `whole`, which is these texts with a space between. */
  #mask(texts: readonly Uint8Array[], whole: Uint8Array): void {
    if (whole.length === 0) return;
    const { text, offsets } = decoded(whole);
    for (const pattern of this.#patterns) {
      for (const { 0: match, index } of text.matchAll(pattern)) {
        const begin = offsets(index);
        const end = offsets(index + match.length);
        let at = 0;
        for (const each of texts) {
          if (begin < at + each.length && end > at)
            each.fill(STAR, Math.max(0, begin - at), Math.min(each.length, end - at));
          at += each.length + 1;
        }
      }
    }
  }
}

function joined(texts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(texts.reduce((sum, { length }) => sum + length + 1, -1)).fill(SPACE);
  let at = 0;
  for (const text of texts) {
    whole.set(text, at);
    at += text.length + 1;
  }
  return whole;
}

/** Bytes as text, and where in the bytes each of its characters begins. */
function decoded(bytes: Uint8Array): { readonly text: string; readonly offsets: (character: number) => number } {
  if (bytes.every((byte) => byte < 0x80)) {
    return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), offsets: same };
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const starts: number[] = [];
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceAt(bytes, at);
    // A byte that is no UTF-8 becomes U+FFFD, as everywhere else.
    const character = decoder.decode(bytes.subarray(at, at + length));
    for (let unit = 0; unit < character.length; unit++) starts.push(at);
    text += character;
    at += length;
  }
  return { text, offsets: (character) => starts[character] ?? bytes.length };
}

function same(character: number): number {
  return character;
}

/** How many bytes the character has that begins here: 1 if none does. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 1;
  return length;
}

const STAR = 0x2a;
const SPACE = 0x20;

/** The fields with texts of any length. */
const TEXTUAL = FieldSet.of(
  ...FIELDS.flatMap(({ storage }: FieldRow, field) => (storage === 'variable' ? [field] : [])),
);
