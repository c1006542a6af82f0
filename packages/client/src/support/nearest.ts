/** ` (did you mean 'signal'?)` if one of these names is similar to `given`; an empty text if none is. */
export function didYouMean(given: unknown, names: Iterable<string>, prefix = ''): string {
  if (typeof given !== 'string' || given.length === 0 || given.length > LONGEST) return '';
  const word = given.toLowerCase();
  let best: string | undefined;
  let nearest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const known = name.toLowerCase();
    const edits = Math.min(distance(word, known), distance(prefix.toLowerCase() + word, known));
    if (edits < nearest) {
      best = name;
      nearest = edits;
    }
  }
  return best === undefined ? '' : ` (did you mean '${best}'?)`;
}

/** How many letters have to be inserted, removed, replaced or swapped with the next to turn one word into the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] as number) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}

/** A longer text is no typing mistake. */
const LONGEST = 40;
