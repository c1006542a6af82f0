/** The first token of every subject, and the name of the service. */
export const DEFAULT_PREFIX = 'psutil-extra';

/**
 * The name of a host as one token of a subject. A dot would begin another token, and `*` and `>` stand for other subjects, so they
 * are escaped as in a URL: `db1.example.com` becomes `db1%2Eexample%2Ecom`.
 */
export function tokenOf(host: string): string {
  return encodeURIComponent(host).replaceAll('.', '%2E').replaceAll('*', '%2A');
}

/** On which every service of a host says what it is. */
export function hostSubject(prefix: string, host: string): string {
  return `${prefix}.${tokenOf(host)}`;
}

/** On which one service is asked. Two services may have the same host by mistake: an answer is never mixed from both. */
export function instanceSubject(prefix: string, host: string, instance: string): string {
  return `${hostSubject(prefix, host)}.${instance}`;
}

/** On which every service of NATS with this name answers to a ping. */
export function pingSubject(prefix: string): string {
  return `$SRV.PING.${prefix}`;
}
