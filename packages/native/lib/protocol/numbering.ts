/** A name, and the number that a system gives it. */
export interface Named {
  readonly name: string;
  readonly number: number;
}

/** Which numbers a system gives to what has a name on each: a frame holds only the numbers. */
export interface Numbering {
  /** The resources of the system's own headers. Of several names of a number, the first is the usual one. */
  readonly resources: readonly Named[];
  /** Its signals, likewise. `SIGRTMIN` and `SIGRTMAX` are among them where it has real-time signals. */
  readonly signals: readonly Named[];
}
