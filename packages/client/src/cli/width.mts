/**
 * The maximal length of a line, as in ps: `COLUMNS` if it is set, the width of the terminal if there is one, and unlimited in a
 * pipe or a file.
 */
export function lineWidth(stdout: { readonly columns?: number }, env: NodeJS.ProcessEnv): number {
  const { COLUMNS } = env;
  if (COLUMNS !== undefined && /^[1-9]\d*$/.test(COLUMNS)) return Number(COLUMNS);
  // A terminal without a size reports 0.
  return stdout.columns || Number.POSITIVE_INFINITY;
}
