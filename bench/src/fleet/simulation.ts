import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect as connectToNats, createInbox, type NatsConnection } from '@nats-io/transport-node';
import { connect } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';
import { Herd } from '../herd.js';
import { NatsServer } from './nats-server.js';
import { processorTimeOf } from './processor-time.js';
import { AT_ONCE, FIELDS } from './question.js';
import { SimulatedFleet } from './simulated-fleet.js';

/*
 * A fleet of many thousand hosts, simulated by some programs with many services each:
 *
 *     node --expose-gc bench/dist/fleet/simulation.js --hosts 10000 --processes 500 --dead 1
 */

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      hosts: { type: 'string', default: '1000' },
      processes: { type: 'string', default: '500' },
      dead: { type: 'string', default: '1' },
      programs: { type: 'string', default: '4' },
      concurrency: { type: 'string', default: '64' },
      turns: { type: 'string', default: '3' },
      naive: { type: 'boolean', default: false },
    },
  });
  const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  const { hosts, processes, dead, programs, concurrency, turns } = numbers as Record<string, number>;
  await using herd = new Herd();
  await using server = await NatsServer.start();
  if (server === undefined) throw new Error('nats-server is not installed');
  await herd.resize(Math.max(0, (processes as number) - (await running())));
  await using simulated = await SimulatedFleet.start(
    server.address,
    hosts as number,
    dead as number,
    programs as number,
  );
  const connection = await connectToNats({ servers: server.address });
  try {
    console.log(JSON.stringify({ hosts, programs: simulated.programs, rows: await running(), dead, concurrency }));
    for (let turn = 0; turn < (turns as number); turn++) {
      console.log(JSON.stringify(await scanned(connection, server, concurrency as number)));
    }
    if (values.naive) console.log(JSON.stringify(await atOnce(connection, server, hosts as number)));
  } finally {
    await connection.close();
  }
}

/** A scan of the whole fleet by an asker that has seen it before, or has not. */
async function scanned(connection: NatsConnection, server: NatsServer, concurrency: number) {
  await using fleet = connect({ connection });
  const kinds = {
    began: connection.stats(),
    asker: processorTimeOf([process.pid]),
    server: processorTimeOf([server.pid]),
  };
  const began = performance.now();
  const memory = new Memory();
  const scan = fleet.scan({ fields: FIELDS, concurrency, timeout: 300_000 });
  let answered = 0;
  let rows = 0;
  let last = 0;
  for await (const { table } of scan) {
    answered++;
    rows += table.length;
    last = performance.now() - began;
    memory.look();
  }
  const { inBytes, inMsgs, outBytes, outMsgs } = connection.stats();
  const reasons: Record<string, number> = {};
  for (const { reason } of scan.missing) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return {
    answered,
    rows,
    missing: reasons,
    secondsUntilLastAnswer: last / 1000,
    seconds: (performance.now() - began) / 1000,
    bytesAHost: Math.round((inBytes - kinds.began.inBytes) / (answered + scan.missing.length)),
    messagesIn: inMsgs - kinds.began.inMsgs,
    messagesOut: outMsgs - kinds.began.outMsgs,
    bytesOut: outBytes - kinds.began.outBytes,
    askerMegabytes: memory.most,
    askerSeconds: (processorTimeOf([process.pid]) - kinds.asker) / 1000,
    serverSeconds: (processorTimeOf([server.pid]) - kinds.server) / 1000,
    slowConsumers: server.slowConsumers,
  };
}

/** What this package does not do: one request to all, which all answer at once, to an asker that is busy for a while. */
async function atOnce(connection: NatsConnection, server: NatsServer, hosts: number) {
  const inbox = createInbox();
  let came = 0;
  let bytes = 0;
  connection.subscribe(inbox, {
    callback: (_, { data }) => {
      came++;
      bytes += data.length;
    },
  });
  const before = server.slowConsumers;
  const began = performance.now();
  connection.publish(AT_ONCE, '', { reply: inbox });
  await connection.flush();
  // A program that has something else to do meanwhile: the server has to keep what comes.
  const busy = performance.now() + BUSY_MS;
  while (performance.now() < busy);
  let [seen, last] = [-1, performance.now()];
  // Until nothing more comes: the dead do not answer.
  while (performance.now() - last < QUIET_MS && server.slowConsumers === before) {
    if (came !== seen) [seen, last] = [came, performance.now()];
    await pause(20);
  }
  const seconds = (last - began) / 1000;
  return { atOnce: hosts, came, bytes, seconds, slowConsumers: server.slowConsumers - before };
}

const BUSY_MS = 30_000;
const QUIET_MS = 20_000;

/** The most memory that the asker had: resident, and what its buffers hold. */
class Memory {
  most = 0;
  #looks = 0;

  look(): void {
    if (this.#looks++ % 50 > 0) return;
    this.most = Math.max(this.most, Math.round(process.memoryUsage().rss / 2 ** 20));
  }
}

async function running(): Promise<number> {
  await using client = createClient({ threads: 1 });
  return (await client.pids()).length;
}

await main();
