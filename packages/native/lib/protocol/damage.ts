/** `code` of the error for an answer with bytes that the addon does not write. */
export const DAMAGED = 'ERR_DAMAGED_REPLY';

/** Makes the error for an answer in which something is damaged. Each side of the threads has its class of errors. */
export type Damage = (what: string) => Error;

/** What is damaged, why that may be, and what to do. */
export function damageMessage(what: string): string {
  return `a thread's answer is damaged: ${what}. Client, worker and addon must be of one version: reinstall psutil-extra, and report it if that does not help`;
}

/** The error for callers without an error class of their own. */
export function damagedReply(what: string): RangeError {
  return Object.assign(new RangeError(damageMessage(what)), { code: DAMAGED });
}
