/** The values that an argument or option takes: one or several words of a list, or what the shell itself completes. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly words: readonly string[] }
  /** `self` is one of them, unless the command would act on itself. */
  | { readonly kind: 'pids'; readonly words: readonly string[] }
  | { readonly kind: 'users' | 'folders' | 'files' | 'unknown' };

/** An option, for a shell's completion. */
export interface Completed {
  readonly flag: string;
  /** What else it is called: a letter, such as `-f`, or another word. */
  readonly alias: string | undefined;
  readonly description: string;
  /** `undefined` if it takes no value. */
  readonly values: Values | undefined;
  /** Whether the value may be left out. */
  readonly optional: boolean;
}

/** A command, for a shell's completion: its options, and the values of its arguments; the last holds for all that follow. */
export interface CompletedCommand {
  readonly name: string;
  /** What else it is called. */
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly options: readonly Completed[];
  readonly values: readonly Values[];
}

/** Every name of a command. */
export function namesOf({ name, aliases }: CompletedCommand): string[] {
  return [name, ...aliases];
}
