import { createHash } from 'node:crypto';

/** What stands for a text that was taken out. */
export const REDACTED = '***';

/**
 * Patterns of secrets that people write into command lines: values behind words such as `password`, `token` or `api-key`, and
 * passwords in URLs. What stands in front of them stays, so that one sees what it was.
 */
export const COMMON_SECRETS: readonly RegExp[] = Object.freeze([
  // --password=…, --api-key …, TOKEN=…
  /(?<=(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|credentials?)[\w-]{0,30}[=:\s]\s{0,3})[^\s&;]+/gi,
  // https://user:password@host
  /(?<=\/\/[^\s/:@]{0,200}:)[^\s/@]+(?=@)/g,
]);

/** Makes names of groups: without secrets, without what breaks a line, and no longer than the limit. */
export class Labels {
  readonly #redact: readonly RegExp[];
  readonly #longest: number;
  readonly #known = new Map<string, string>();

  constructor(redact: readonly RegExp[], longest: number) {
    // All of what matches goes, and a caller's own `lastIndex` stays as it is.
    this.#redact = redact.map(({ source, flags }) => new RegExp(source, flags.replace(/[gy]/g, '').concat('g')));
    this.#longest = longest;
  }

  /** The name that is exported for this text. Thousands of processes share a few. */
  of(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    if (text.length <= LONGEST_KNOWN) this.#known.set(text, made);
    return made;
  }

  #make(text: string): string {
    let name = beginningOf(text);
    for (const pattern of this.#redact) name = name.replaceAll(pattern, REDACTED);
    name = wellFormed(name).replaceAll(CONTROLS, ' ').trim();
    return name.length > this.#longest ? this.#shortened(name) : name || UNNAMED;
  }

  /** Two long names with the same beginning stay two. */
  #shortened(name: string): string {
    const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, DIGITS)}`;
    return wellFormed(name.slice(0, this.#longest - mark.length)) + mark;
  }
}

/** Half of a surrogate pair, which UTF-8 cannot write, becomes U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/**
 * Patterns do not look through megabytes of arguments. It ends with a whole word: of a part of a secret a pattern may not see that
 * it is one.
 */
function beginningOf(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const end = text.lastIndexOf(' ', LONGEST_TEXT);
  return text.slice(0, end < 0 ? LONGEST_TEXT : end);
}

const LONGEST_TEXT = 8192;
const MOST_KNOWN = 1000;
const LONGEST_KNOWN = 200;
/** A process may have an empty name. */
const UNNAMED = 'unnamed';
const DIGITS = 8;
/** Characters that a terminal acts on. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
