import type { NatsConnection } from '@nats-io/nats-core';
import type { Criteria, NamedField } from 'psutil-extra';
import { checkHost, checkNumber, checkOptions, checkPrefix, checkSignal, invalidType, MAX_MS } from './arguments.js';
import { checkConnection } from './connection.js';
import { DEFAULT_PREFIX } from './subjects.js';

/** Options of `connect()`. */
export interface FleetOptions {
  /** A connection of `@nats-io/transport-node`. It stays yours: closing the fleet does not close it. */
  readonly connection: NatsConnection;
  /** How long a host may say nothing before a call to it rejects, in milliseconds. Default 5000. */
  readonly timeout?: number | undefined;
  /** As in `serve()`. Default `psutil-extra`. */
  readonly prefix?: string | undefined;
}

/** Options of `hosts()`. */
export interface HostsOptions {
  /** How long to wait for answers at most, in milliseconds. It ends earlier when no more come. Default 2000. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of `scan()` of a fleet. */
export interface FleetScanOptions<F extends readonly NamedField[]> {
  /** Which fields, as in `client.scan()`. */
  readonly fields?: F | undefined;
  /**
   * Which processes, as in `client.find()`. What these criteria need is read of every process of the host, and the other fields only of
   * those that match. A function cannot be sent: use the table's own `filter()`.
   */
  readonly where?: Criteria | undefined;
  /** Which hosts, by name. Default: all that answer to a ping, and those that have answered within the last ten minutes. */
  readonly hosts?: Iterable<string> | undefined;
  /** The deadline of the whole scan, in milliseconds. What has not answered by then is in `missing`. Default 30 000. */
  readonly timeout?: number | undefined;
  /** How long one host may take, in milliseconds. Default 5000, or `timeout` if that is shorter. */
  readonly hostTimeout?: number | undefined;
  /** How many hosts are asked at a time. Default 64. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function checkFleetOptions(options: FleetOptions) {
  const given = checkOptions(options, ['connection', 'timeout', 'prefix']);
  return {
    connection: checkConnection(given.connection),
    timeout: checkNumber('options.timeout', given.timeout ?? 5000, 1, MAX_MS),
    prefix: checkPrefix(given.prefix ?? DEFAULT_PREFIX),
  };
}

export function checkHostsOptions(options: HostsOptions | undefined) {
  const { timeout = 2000, signal } = checkOptions(options, ['timeout', 'signal']);
  return { timeout: checkNumber('options.timeout', timeout, 1, MAX_MS), signal: checkSignal(signal) };
}

export function checkHostOptions(options: { readonly signal?: AbortSignal | undefined } | undefined) {
  return { signal: checkSignal(checkOptions(options, ['signal']).signal) };
}

export function checkScanOptions<F extends readonly NamedField[]>(options: FleetScanOptions<F> | undefined) {
  const given = checkOptions(options, ['fields', 'where', 'hosts', 'timeout', 'hostTimeout', 'concurrency', 'signal']);
  const timeout = checkNumber('options.timeout', given.timeout ?? 30_000, 1, MAX_MS);
  if (typeof given.where === 'function') {
    throw invalidType('options.where', 'an object such as { name }, for a function cannot be sent', given.where);
  }
  return {
    fields: given.fields,
    where: given.where,
    hosts: given.hosts === undefined ? undefined : checkHosts(given.hosts),
    timeout,
    hostTimeout: checkNumber('options.hostTimeout', given.hostTimeout ?? Math.min(5000, timeout), 1, MAX_MS),
    concurrency: checkNumber('options.concurrency', given.concurrency ?? 64, 1, 10_000),
    signal: checkSignal(given.signal),
  };
}

function checkHosts(hosts: unknown): string[] {
  if (typeof hosts !== 'object' || hosts === null || !(Symbol.iterator in hosts)) {
    throw invalidType('options.hosts', 'an iterable of names of hosts', hosts);
  }
  return [...new Set(hosts as Iterable<unknown>)].map((host) => checkHost('options.hosts', host));
}

export type CheckedScan = ReturnType<typeof checkScanOptions>;
