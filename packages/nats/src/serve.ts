import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { type Service, type ServiceMsg, Svcm } from '@nats-io/services';
import type { Client } from 'psutil-extra';
import { type Allowed, createResponder, type Responder } from 'psutil-extra/remote';
import { type AnswerCounts, Answers, type Asker } from './answers.js';
import { checkHost, checkNumber, checkOptions, checkPrefix } from './arguments.js';
import { checkConnection, isPermissionError } from './connection.js';
import { type FleetError, fleetErrors } from './fleet-error.js';
import { machineIdentity } from './machine.js';
import { Standstill } from './standstill.js';
import { DEFAULT_PREFIX, hostSubject, instanceSubject } from './subjects.js';

/** Options of `serve()`. */
export interface ServeOptions {
  /** A connection of `@nats-io/transport-node`. It stays yours: stopping the service does not close it. */
  readonly connection: NatsConnection;
  /**
   * What askers may do besides reading: read `'cmdline'` and `'environ'`, which carry secrets, and `'kill'`, `'rlimit'` and setters.
   * Default: nothing.
   */
  readonly allow?: readonly Allowed[] | undefined;
  /** What is cut out of command lines and environments: passwords, for instance. */
  readonly redact?: readonly RegExp[] | undefined;
  /** The name of this host in the fleet. Default: `os.hostname()`. */
  readonly host?: string | undefined;
  /** The first token of all subjects, and the name of the service in NATS. Default `psutil-extra`. */
  readonly prefix?: string | undefined;
  /** How many requests are answered at a time; more are refused with `ERR_HOST_BUSY`. Default 8. */
  readonly maxRequests?: number | undefined;
}

const KNOWN = ['connection', 'allow', 'redact', 'host', 'prefix', 'maxRequests'] as const;

/**
 * Makes this host's processes a microservice of NATS, which `connect()` finds. It rejects if the server does not let this user
 * subscribe.
 */
export async function serve(client: Client, options: ServeOptions): Promise<HostService> {
  const given = checkOptions(options, KNOWN);
  const connection = checkConnection(given.connection);
  const prefix = checkPrefix(given.prefix ?? DEFAULT_PREFIX);
  const host = checkHost('options.host', given.host ?? hostname());
  const maxRequests = checkNumber('options.maxRequests', given.maxRequests ?? 8, 1, 10_000);
  const responder = createResponder(client, { allow: given.allow, redact: given.redact });
  const service = new HostService({
    connection,
    prefix,
    host,
    responder,
    answers: new Answers(responder, maxRequests),
  });
  try {
    await service.start();
  } catch (error) {
    // It has begun nothing that goes on.
    void service.stop();
    throw error;
  }
  return service;
}

interface Parts {
  readonly connection: NatsConnection;
  readonly prefix: string;
  readonly host: string;
  readonly responder: Responder;
  readonly answers: Answers;
}

/** What `serve()` has started. */
export class HostService implements AsyncDisposable {
  /** The name of this host in the fleet. */
  readonly host: string;
  /** Resolves when the service has ended: with an error if it was not stopped, as when the connection was closed by one. */
  readonly ended: Promise<Error | undefined>;
  readonly #parts: Parts;
  readonly #standstill = new Standstill();
  #end: (error: Error | undefined) => void = () => {};
  #unwatch = () => {};
  #service: Service | undefined;
  #isStopped = false;

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.host = parts.host;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** What it has done: the same that NATS reports of the service, as `data` of its statistics. */
  get counts(): Readonly<AnswerCounts> {
    return { ...this.#parts.answers.counts };
  }

  /** @internal */
  async start(): Promise<void> {
    const { connection, prefix, host, responder } = this.#parts;
    const { version, platform, allowed } = responder.description;
    // Without what only this program has: equal hosts then have the same text, and it is sent once for all of them.
    const description = JSON.stringify({ ...responder.description, reader: 0 });
    const digest = createHash('sha256').update(description).digest('hex').slice(0, 32);
    const machine = machineIdentity();
    // By its methods: the library of services may have been compiled for another version of the connection's.
    const service = await new Svcm(connection as never).add({
      name: prefix,
      version,
      description: 'The processes of a host',
      // Each service has its own subject: none takes the place of another.
      queue: '',
      metadata: { host, machine, digest, version, platform, allowed: allowed.join(',') },
      statsHandler: () => Promise.resolve(this.counts),
    });
    this.#service = service;
    void service.stopped.then((error) => this.#ended(error));
    const { id } = service.info();
    const introduction = JSON.stringify({ host, machine, digest, instance: id, reader: process.pid, description });
    service.addEndpoint('describe', {
      subject: hostSubject(prefix, host),
      handler: (_error, message) => quietly(() => message.respond(introduction)),
    });
    service.addEndpoint('ask', {
      subject: instanceSubject(prefix, host, id),
      handler: (_error, message) => this.#take(message),
    });
    const subjects = new Set(service.info().endpoints.map(({ subject }) => subject));
    this.#watch((subject) => subjects.has(subject) || subject.startsWith('$SRV.')).catch(() => {});
    // The server's answer comes behind its objections, which the loop above has in the next turn.
    await connection.flush();
    await nextTurn();
    if (service.isStopped) throw this.#errorOf(await service.stopped);
  }

  /** Ends it: what is being answered is given up, and nothing is asked of it any more. */
  async stop(): Promise<void> {
    if (this.#service === undefined) await this.#ended(null);
    // The server says that it sends no more. One that stands still says nothing: what comes later is not answered.
    this.#isStopped = true;
    this.#parts.answers.endAll();
    const late = new AbortController();
    const stopped = this.#service?.stop().catch(() => {});
    await Promise.race([stopped, pause(STOPPING_MS, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    await this.#ended(null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #take(message: ServiceMsg): void {
    if (this.#isStopped) return;
    const { answers, connection } = this.#parts;
    const asker: Asker = {
      send: (data) => void message.respond(data),
      refuse: (status, why) => quietly(() => message.respondError(status, why)),
    };
    if (this.#standstill.isOver) answers.refuseStale(asker);
    else answers.take(message.data, asker, connection.info?.max_payload ?? DEFAULT_PAYLOAD);
  }

  /** Ends the service where the server takes a subject from it: at its start, or at a reconnect. */
  async #watch(isOurs: (subject: string) => boolean): Promise<void> {
    const statuses = this.#parts.connection.status();
    this.#unwatch = () => (statuses as { stop?: () => void }).stop?.();
    for await (const status of statuses) {
      if (status.type !== 'error' || !isPermissionError(status.error)) continue;
      const { operation, subject = '' } = status.error;
      if (operation === 'subscription' && isOurs(subject)) void this.#service?.stop(status.error);
    }
  }

  async #ended(failure: Error | null): Promise<void> {
    const { answers, connection } = this.#parts;
    this.#standstill.end();
    this.#unwatch();
    answers.endAll();
    let cause: unknown = failure;
    if (failure !== null) {
      // Where the connection is closed, the service ends because of its subscriptions, and just before.
      await pause(CLOSING_MS, undefined, { ref: false });
      if (connection.isClosed()) cause = await connection.closed();
    }
    this.#end(cause instanceof Error ? this.#errorOf(cause) : undefined);
  }

  #errorOf(error: Error | null): FleetError {
    const { prefix, host } = this.#parts;
    const to = { host, subject: hostSubject(prefix, host) };
    const message = error?.message ?? 'the service has ended';
    return isPermissionError(error) ? fleetErrors.permission(to, message) : fleetErrors.disconnected(to, message);
  }
}

/** How long a server has to take the subscriptions away. */
const STOPPING_MS = 2000;
/** How long a connection that is being closed takes to say so. */
const CLOSING_MS = 100;
const DEFAULT_PAYLOAD = 2 ** 20;

/** No one is left who could be informed. */
function quietly(send: () => unknown): void {
  try {
    send();
  } catch {
    // The connection is closed or drains.
  }
}
