import { Client } from './api/client.js';
import { Runtime } from './api/runtime.js';
import { Answers } from './remote/answers.js';
import { type Described, readDescription } from './remote/description.js';
import { checkName } from './remote/host-name.js';
import { RemoteBackend, type RemoteConnection } from './remote/remote-backend.js';
import { RemotePorts } from './remote/remote-ports.js';
import { ClientResponder, type Responder } from './remote/responder.js';
import { type ResponderOptions, readResponderOptions } from './remote/responder-options.js';
import { checkInteger, invalidType } from './support/arguments.js';
import { checkOptions } from './support/check-options.js';

export type { Allowed } from './remote/allowed.js';
export { isLastPart } from './remote/answer-parts.js';
export type { DescribedCapabilities, HostDescription } from './remote/description.js';
export { type DecodeScanOptions, decodeScan, type EncodeScanOptions, encodeScan } from './remote/fleet-scan.js';
export type { RemoteConnection } from './remote/remote-backend.js';
export type { Responder } from './remote/responder.js';
export type { HandleOptions, ResponderOptions } from './remote/responder-options.js';

/** Options of `createRemoteClient()`. */
export interface RemoteClientOptions {
  /** The host's name in every error message. Default: `'the remote host'`. */
  readonly name?: string | undefined;
  /** How many calls may wait for an answer at the same time. Default: any number. */
  readonly maxQueue?: number | undefined;
}

/**
 * Serves a client of this machine to clients on others, over any transport of messages. They may read, but for command lines
 * and environments; these, and every change to a process, are allowed by name.
 *
 * @throws TypeError that names the wrong option.
 */
export function createResponder(client: Client, options?: ResponderOptions): Responder {
  const runtime = Client.runtimeOf(client);
  if (runtime === undefined) throw invalidType('client', 'an instance of Client', client);
  const { allowed, redaction } = readResponderOptions(options);
  return new ClientResponder(runtime, allowed, redaction);
}

/**
 * A client whose processes are those of another machine, which has a responder. It has the methods of any client; what takes more
 * than requests, such as to wait for an exit, rejects with `NotSupportedError`, and `supports()` says so.
 *
 * @throws WorkerError (`ERR_REMOTE_VERSION`) if that machine has another version of this package.
 */
export function createRemoteClient(connection: RemoteConnection, options?: RemoteClientOptions): Client {
  if (options !== undefined) checkOptions(options, OPTIONS);
  const { maxQueue = Number.POSITIVE_INFINITY } = options ?? {};
  if (maxQueue !== Number.POSITIVE_INFINITY) checkInteger('options.maxQueue', maxQueue, 1, Number.MAX_SAFE_INTEGER);
  if (typeof connection?.request !== 'function') {
    throw invalidType('connection', 'an object with a method request', connection);
  }
  return new Client(runtimeOf(connection, readDescription(connection.description, checkName(options?.name)), maxQueue));
}

function runtimeOf(
  connection: RemoteConnection,
  { machine, root, isOwnRoot, versions }: Described,
  maxQueue: number,
): Runtime {
  const backend = new RemoteBackend(
    (message, options) => connection.request(message, options),
    new Answers(machine, versions),
    { root, machine },
  );
  return new Runtime(
    { procRoot: root, maxQueue, source: 'auto', threads: 1, stallTimeout: 0, maxDescriptors: undefined },
    { machine, isOwnRoot, backend, ports: (counters) => new RemotePorts(backend, counters) },
  );
}

const OPTIONS = ['name', 'maxQueue'] as const satisfies readonly (keyof RemoteClientOptions)[];
