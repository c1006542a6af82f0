/** A process in a listing. */
export interface Listed {
  readonly ppid: number;
  /** As the system counts: unlike `startTime` it stays when the clock is set. */
  readonly start: number;
}

/** The processes that have not ended, by PID. */
export type Listing = ReadonlyMap<number, Listed>;
