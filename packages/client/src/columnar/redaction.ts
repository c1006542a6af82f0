import type { Type } from '@psutil-extra/native/protocol';

/** Replaces what patterns match in texts: command lines and environments carry secrets. */
export class Redaction {
  readonly #patterns: readonly RegExp[];

  constructor(patterns: readonly RegExp[]) {
    // Every match of a text, and none of a text before.
    this.#patterns = patterns.map(({ source, flags }) => new RegExp(source, `${flags.replace(/[gy]/g, '')}g`));
  }

  /** A value of a type, with its texts redacted; enumerations and numbers are no texts. */
  value(type: Type, value: unknown): unknown {
    if (this.#patterns.length === 0 || value === null || value === undefined) return value;
    switch (type.kind) {
      case 'text':
        return this.texts([value as string])[0];
      case 'list':
        // A secret is often the argument behind its option, so that patterns see all of them.
        if (type.item.kind === 'text') return this.texts(value as string[]);
        return (value as unknown[]).map((item) => this.value(type.item, item));
      case 'struct': {
        const made: Record<string, unknown> = { ...value };
        for (const { name, type: member } of type.members) {
          if (name in made) made[name] = this.value(member, made[name]);
        }
        return made;
      }
      default:
        return value;
    }
  }

  /** Texts that patterns see joined by a space. A match that covers several of them is replaced in each. */
  texts(texts: readonly string[]): string[] {
    return this.#patterns.reduce<readonly string[]>(redactedBy, texts) as string[];
  }
}

function redactedBy(texts: readonly string[], pattern: RegExp): readonly string[] {
  const joined = texts.join(' ');
  const matches = [...joined.matchAll(pattern)].filter(([match]) => match !== '');
  if (matches.length === 0) return texts;
  let begin = 0;
  return texts.map((text) => {
    const end = begin + text.length;
    let made = '';
    let kept = begin;
    for (const { 0: match, index } of matches) {
      const from = Math.max(index, begin);
      const to = Math.min(index + match.length, end);
      if (from >= to) continue;
      made += joined.slice(kept, from) + REDACTED;
      kept = to;
    }
    made += joined.slice(kept, end);
    begin = end + 1;
    return made;
  });
}

/** What stands in the place of a match. */
export const REDACTED = '[redacted]';
