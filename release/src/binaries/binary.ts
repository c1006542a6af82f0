/** What a shared object imports and exports. */
export interface Binary {
  /** Libraries that the loader must find. */
  readonly libraries: readonly string[];
  /** Functions and variables that are taken from outside. */
  readonly imports: readonly Import[];
  /** Functions and variables that others can find. */
  readonly exports: readonly string[];
  /** Whether it is signed, where the system runs nothing else. */
  readonly signed?: boolean;
}

export interface Import {
  /** As in C. */
  readonly name: string;
  /** The version of the symbol, such as `GLIBC_2.17`, where there are versions. */
  readonly version?: string;
}
