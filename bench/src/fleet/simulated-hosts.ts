import { createHash } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createClient } from 'psutil-extra';
import { createResponder, encodeScan, type Responder } from 'psutil-extra/remote';
import { Answers } from '../../../packages/nats/dist/answers.js';
import { HostService } from '../../../packages/nats/dist/serve.js';
import { AT_ONCE, FIELDS } from './question.js';
import type { SimulatedHosts } from './simulated-fleet.js';

/**
 * Many hosts in one program: each is a service of NATS as `serve()` makes it, and answers with frames that were recorded from a real
 * scan. It ends with its stdin.
 */
const settings = JSON.parse(process.argv[2] as string) as SimulatedHosts;
const connection = await connect({ servers: settings.address, pingInterval: 600_000 });
const real = createClient({ threads: 1, source: 'procfs' });
const responder = createResponder(real);

/** As `serve()` makes it, which takes a client and no answers. */
const Service = HostService as unknown as new (parts: object) => HostService & { start(): Promise<void> };

async function service(on: NatsConnection, index: number): Promise<HostService> {
  const isDead = index % 100 < settings.deadPercent;
  const answers = new Answers(isDead ? silent() : recorded(), 8);
  const host = `host${index}.example.com`;
  const made = new Service({ connection: on, prefix: 'psutil-extra', host, responder, answers });
  await made.start();
  on.subscribe(AT_ONCE, {
    callback: (_, message) => {
      if (isDead) return;
      all(recorded().handle(encodeScan({ fields: FIELDS })))
        .then((parts) => parts.forEach((part) => void message.respond(part)))
        .catch(console.error);
    },
  });
  return made;
}

/** One that is stopped: it has answered to pings, and answers to nothing else. */
function silent(): Responder {
  return {
    description: responder.description,
    handle: async function* (): AsyncGenerator<Uint8Array> {
      yield await new Promise<Uint8Array>(() => {});
    },
  };
}

/** The answer to each question is asked for once: then it costs what it costs to send. */
const answersTo = new Map<string, Promise<Uint8Array[]>>();

async function all(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = [];
  for await (const part of parts) list.push(part);
  return list;
}

function recorded(): Responder {
  return {
    description: responder.description,
    handle: async function* (request, options): AsyncGenerator<Uint8Array> {
      const key = `${createHash('sha256').update(request).digest('hex')} ${options?.maxPart}`;
      const known = answersTo.get(key) ?? all(responder.handle(request, { maxPart: options?.maxPart }));
      answersTo.set(key, known);
      yield* await known;
    },
  };
}

for (let index = settings.from; index < settings.to; index++) await service(connection, index);
await connection.flush();
console.log('ready');
process.stdin.on('end', () => process.exit(0)).resume();
