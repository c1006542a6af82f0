/** The values that an argument or option takes: one or several words of a list, or what the shell itself completes. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly words: readonly string[] }
  | { readonly kind: 'pids' | 'users' | 'folders' | 'unknown' };

/** An option, for a shell's completion. */
export interface Completed {
  readonly flag: string;
  readonly description: string;
  /** `undefined` if it takes no value. */
  readonly values: Values | undefined;
  /** Whether the value may be left out. */
  readonly optional: boolean;
}

/** A command, for a shell's completion: its options, and the values of its arguments; the last holds for all that follow. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Completed[];
  readonly values: readonly Values[];
}
