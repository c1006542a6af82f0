import type { Client } from 'psutil-extra';
import {
  createRemoteClient,
  createResponder,
  type HostDescription,
  type RemoteConnection,
  type Responder,
  type ResponderOptions,
} from 'psutil-extra/remote';

/** A transport within this program. It counts what crosses. */
export class Loopback implements RemoteConnection {
  readonly description: HostDescription;
  readonly responder: Responder;
  requests = 0;
  sent = 0;
  received = 0;
  readonly #maxPart: number;

  constructor(client: Client, options?: ResponderOptions, maxPart = 4096) {
    this.responder = createResponder(client, options);
    // As another machine has it.
    this.description = JSON.parse(JSON.stringify(this.responder.description));
    this.#maxPart = maxPart;
  }

  async *request(message: Uint8Array, { signal }: { readonly signal: AbortSignal | undefined }) {
    this.requests++;
    this.sent += message.length;
    for await (const part of this.responder.handle(message, { signal, maxPart: this.#maxPart })) {
      this.received += part.length;
      yield part;
    }
  }
}

export const EVERYTHING = [
  'cmdline',
  'environ',
  'kill',
  'rlimit',
  'setNice',
  'setIoPriority',
  'setAffinity',
  'setScheduler',
  'setOomScoreAdj',
] as const;

/** A client of this machine by way of a responder. */
export function throughLoopback(client: Client, options?: ResponderOptions): { remote: Client; loopback: Loopback } {
  const loopback = new Loopback(client, options);
  return { remote: createRemoteClient(loopback, { name: 'web-1' }), loopback };
}

/** A client whose host answers each request with these parts. */
export function answering(
  description: HostDescription,
  answer: (message: Uint8Array) => AsyncIterable<Uint8Array> | Iterable<Uint8Array> | Promise<Iterable<Uint8Array>>,
): Client {
  const connection: RemoteConnection = {
    description,
    async *request(message) {
      yield* await answer(message);
    },
  };
  return createRemoteClient(connection, { name: 'web-1' });
}

/** All parts of a responder's answer. */
export async function partsOf(responder: Responder, message: Uint8Array, maxPart?: number): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of responder.handle(message, { maxPart })) parts.push(part);
  return parts;
}
