/** One thing that can be shown on this machine. */
export interface Proof {
  /** What it is called on the command line. */
  readonly name: string;
  /** Resolves with what was seen; rejects with all that was written, where it was not as it should be. */
  readonly prove: () => Promise<string>;
}
