/** The samples of a scrape: `name{label="value"}` and its number. */
export function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** The values of `group`, in order. */
export function groupsOf(text: string): string[] {
  const names = Array.from(text.matchAll(/[{,]group="((?:[^"\\]|\\.)*)"/g), ([, name = '']) => name);
  return [...new Set(names)].sort();
}
