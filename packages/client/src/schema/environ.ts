/** @internal The variables of these entries, `NAME=value` each; of a name that is there twice, the last. */
export function environOf(entries: readonly string[]): Record<string, string> {
  const variables: [string, string][] = [];
  for (const entry of entries) {
    const end = entry.indexOf('=');
    // An entry without a name is no variable: a process may put anything there.
    if (end > 0) variables.push([entry.slice(0, end), entry.slice(end + 1)]);
  }
  // Defines own properties, also of the name __proto__.
  return Object.fromEntries(variables);
}
