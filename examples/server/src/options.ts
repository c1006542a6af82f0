/** What a server is made of. */
export interface ServerOptions {
  /** Where the proc filesystem is: a host's, mounted in a container, or one's own. */
  readonly procRoot?: string;
  /** Milliseconds from one sample to the next, as long as there is a listener; at least 50. */
  readonly every?: number;
  /** How many may listen to `/live` at a time; the next is answered with 503. */
  readonly watched?: number;
  /** Whether every request is written to stdout, as a line of JSON. */
  readonly log?: boolean;
}
