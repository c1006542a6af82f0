/** The thread of requests that share what a thread keeps: of the first of them, then of all. */
export interface Home {
  thread?: unknown;
}
