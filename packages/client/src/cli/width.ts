/**
 * How long a line may be, as in ps: `COLUMNS` if it is set, the terminal's width if there is one, and any
 * length into a pipe or a file.
 */
export function lineWidth(stdout: { readonly columns?: number }, env: NodeJS.ProcessEnv): number {
  const { COLUMNS } = env;
  if (COLUMNS !== undefined && /^[1-9]\d*$/.test(COLUMNS)) return Number(COLUMNS);
  // A terminal whose size nobody has set says 0.
  return stdout.columns || Number.POSITIVE_INFINITY;
}
