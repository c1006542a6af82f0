/** What went wrong between here and a host. */
export type FleetErrorCode =
  /** No service answers on the subject: the host is gone, or in another account. */
  | 'ERR_HOST_GONE'
  /** There is a service, and it did not answer in time. */
  | 'ERR_HOST_SILENT'
  /** What it sent is no answer. */
  | 'ERR_HOST_DAMAGED'
  /** It has as many requests as it takes at a time. */
  | 'ERR_HOST_BUSY'
  /** It failed, or refused the request. */
  | 'ERR_HOST_FAILED'
  /** It, or its psutil-extra, is of a version that is not understood here. */
  | 'ERR_HOST_VERSION'
  /** Several machines say that they are this host. */
  | 'ERR_HOST_DUPLICATE'
  /** The deadline of the scan came before the host was asked. */
  | 'ERR_HOST_NOT_ASKED'
  /** The server does not let this user do that. */
  | 'ERR_NATS_PERMISSION'
  /** The server takes no message as large as the request. */
  | 'ERR_NATS_PAYLOAD'
  /** The connection to the server is lost or closed. */
  | 'ERR_NATS_DISCONNECTED';

/** An error between here and a host, which names both the host and the subject. */
export class FleetError extends Error {
  readonly code: FleetErrorCode;
  /** The host, or `undefined` if it is about all. */
  readonly host: string | undefined;
  /** The subject that was used. */
  readonly subject: string;

  constructor(code: FleetErrorCode, message: string, about: { host?: string | undefined; subject: string }) {
    super(message);
    this.code = code;
    this.host = about.host;
    this.subject = about.subject;
  }
}

Object.defineProperty(FleetError.prototype, 'name', { value: 'FleetError', configurable: true, writable: true });

/** Whom a request is for. */
export interface Addressee {
  readonly host: string | undefined;
  readonly subject: string;
}

/** The errors, each with what to do. */
export const fleetErrors = {
  gone: (to: Addressee) =>
    new FleetError(
      'ERR_HOST_GONE',
      `${named(to)} answers on ${to.subject}: is serve() running there, and do both use the same account and prefix?`,
      to,
    ),
  ended: (to: Addressee) =>
    new FleetError(
      'ERR_HOST_FAILED',
      `the program behind ${to.subject} ended, or stood still, in the middle of its answer: it may have done what it was asked for`,
      to,
    ),
  silent: (to: Addressee, ms: number) =>
    new FleetError(
      'ERR_HOST_SILENT',
      `no answer on ${to.subject} for ${ms} ms: that program is stopped, blocked or cut off, or its user may not publish answers (allow_responses)`,
      to,
    ),
  damaged: (to: Addressee, why: string) =>
    new FleetError('ERR_HOST_DAMAGED', `what came on ${to.subject} is no answer: ${why}`, to),
  disconnected: (to: Addressee, why: string) =>
    new FleetError('ERR_NATS_DISCONNECTED', `${why}, so that nothing can be asked on ${to.subject}`, to),
  tooLarge: (to: Addressee, bytes: number, fits: number) =>
    new FleetError(
      'ERR_NATS_PAYLOAD',
      `the request for ${to.subject} has ${bytes} bytes, and the server takes ${fits}: name fewer processes at a time, or raise its max_payload`,
      to,
    ),
  permission: (to: Addressee, message: string) =>
    new FleetError(
      'ERR_NATS_PERMISSION',
      `the server refuses ${to.subject} to this user: ${message}. Its permissions need it: see "Security" in the README of @psutil-extra/nats`,
      to,
    ),
  duplicate: (to: Addressee, machines: number) =>
    new FleetError(
      'ERR_HOST_DUPLICATE',
      `${machines} machines answer as host ${to.host} on ${to.subject}: give each its own name with serve(client, { host })`,
      to,
    ),
  version: (to: Addressee, theirs: string) =>
    new FleetError(
      'ERR_HOST_VERSION',
      `the service on ${to.subject} is of another version (${theirs}): install the same @psutil-extra/nats on both`,
      to,
    ),
  notAsked: (to: Addressee, ms: number) =>
    new FleetError(
      'ERR_HOST_NOT_ASKED',
      `the scan's ${ms} ms were over before ${to.subject} was asked: raise timeout, or take the tables faster`,
      to,
    ),
};

function named({ host }: Addressee): string {
  return host === undefined ? 'no host' : `no host named ${host}`;
}

/** A text from another machine, for a message: in one line, and not long. */
export function tamed(text: unknown, length = 300): string {
  return String(text).slice(0, length).replace(UNPRINTABLE, ' ');
}

/** These could harm a terminal or a log. */
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;
