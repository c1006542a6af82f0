/** A command line that is wrong in a way that only the command itself can see. */
export class UsageError extends Error {}
