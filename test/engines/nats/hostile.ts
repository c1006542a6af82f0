import { createHash } from 'node:crypto';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { HostDescription } from 'psutil-extra/remote';

/** What a hostile service does when it is asked. */
export type Answer = (request: Msg, send: (data: Uint8Array) => void) => void;

/** A service that says that it is a host, and answers as it likes. */
export function hostile(
  connection: NatsConnection,
  {
    host,
    machine = 'm'.repeat(32),
    description,
    answer,
  }: {
    readonly host: string;
    readonly machine?: string;
    readonly description: HostDescription | string;
    readonly answer: Answer;
  },
): void {
  const instance = `HOSTILE${host.toUpperCase().replace(/\W/g, '')}${connection.info?.client_id}`;
  const text = typeof description === 'string' ? description : JSON.stringify(description);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const subscribe = (subject: string, callback: (message: Msg) => void) =>
    connection.subscribe(subject, { callback: (error, message) => void (error === null && callback(message)) });
  subscribe('$SRV.PING.psutil-extra', (message) => {
    message.respond(JSON.stringify({ id: instance, metadata: { host, machine, digest } }));
  });
  subscribe(`psutil-extra.${host}`, (message) => {
    message.respond(JSON.stringify({ host, machine, digest, instance, description: text }));
  });
  subscribe(`psutil-extra.${host}.${instance}`, (message) => answer(message, (data) => void message.respond(data)));
}
