import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectToNats, createInbox, type NatsConnection } from '@nats-io/transport-node';
import { connect, type Fleet } from '@psutil-extra/nats';
import { createClient } from 'psutil-extra';
import type { Bench } from './bench.js';
import { folder } from './compile.js';
import { NatsServer } from './fleet/nats-server.js';
import { processorTimeOf } from './fleet/processor-time.js';
import { FIELDS, JSON_SUBJECT } from './fleet/question.js';
import { interleave, ratio, spread } from './measure.js';

const HOSTS = 50;
const PROCESSES = 200;
/** A scan takes some milliseconds of a host: several at once are measured better. */
const SCANS = 4;
/** Far more than any of this takes: fifty programs share the processors. */
const PATIENCE_MS = 60_000;
/** How many programs start at a time. */
const STARTED_AT_A_TIME = 25;

/** A scan of a fleet over NATS, beside the same rows as JSON in the plainest way: both to a loop that adds up the memory. */
export async function fleet(bench: Bench): Promise<void> {
  await using server = await NatsServer.start();
  if (server === undefined) {
    console.error('The fleet is not measured: nats-server is not installed.');
    return;
  }
  await bench.herd.resize(0);
  await using hosts = await Hosts.start(server.address);
  await bench.herd.resize(Math.max(0, PROCESSES - (await processes())));
  const connection = await connectToNats({ servers: server.address });
  try {
    await using asked = connect({ connection });
    await asked.hosts();
    // Their threads start.
    await byFrames(asked);
    await byJson(connection);
    await compare(bench, { connection, asked, hosts, server });
  } finally {
    await connection.close();
  }
}

interface Means {
  readonly connection: NatsConnection;
  readonly asked: Fleet;
  readonly hosts: Hosts;
  readonly server: NatsServer;
}

async function compare({ book, options }: Bench, { connection, asked, hosts, server }: Means): Promise<void> {
  const count = await processes();
  const frames = () => byFrames(asked);
  const json = () => byJson(connection);
  const kinds = {
    'time until the last host has answered': performance.now.bind(performance),
    'bytes that the asker receives': () => connection.stats().inBytes,
    'processor time of the hosts': () => processorTimeOf(hosts.pids),
    'processor time of the asker': () => processorTimeOf([process.pid]),
    'processor time of nats-server': () => processorTimeOf([server.pid]),
  };
  const all: Record<string, { frames: number[]; json: number[] }> = {};
  const measured = (key: 'frames' | 'json', scan: () => Promise<number>) => async () => {
    const before = Object.values(kinds).map((read) => read());
    for (let turn = 0; turn < SCANS; turn++) {
      const sum = await scan();
      if (!(sum > 0)) throw new Error(`a scan by ${key} found no memory`);
    }
    Object.entries(kinds).forEach(([kind, read], at) => {
      all[kind] ??= { frames: [], json: [] };
      all[kind][key].push((read() - (before[at] as number)) / SCANS);
    });
    return 0;
  };
  await interleave({ frames: measured('frames', frames), json: measured('json', json) }, options.rounds, 0);
  const of = `a scan of ${FIELDS.join(', ')} of ${HOSTS} hosts × ${count} processes`;
  for (const [kind, { frames: ours, json: theirs }] of Object.entries(all)) {
    const isBytes = kind.startsWith('bytes');
    const unit = isBytes ? 'B a process' : 'ms';
    const each = (values: number[]) => spread(isBytes ? values.map((value) => value / HOSTS / count) : values);
    book.lines.push({
      what: `${kind}, ${of} over NATS / the same as JSON over NATS`,
      limit: LIMITS[kind] as number,
      unit: 'ratio',
      measured: ratio(ours, theirs),
    });
    book.absolutes.push(
      { what: `${kind}, ${of} over NATS`, unit, measured: each(ours) },
      { what: 'the same as JSON', unit, measured: each(theirs) },
    );
  }
}

const LIMITS: Readonly<Record<string, number>> = {
  'time until the last host has answered': 1,
  'bytes that the asker receives': 0.55,
  'processor time of the hosts': 1,
  'processor time of the asker': 2.5,
  'processor time of nats-server': 1.5,
};

async function byFrames(asked: Fleet): Promise<number> {
  let sum = 0;
  let answered = 0;
  const scan = asked.scan({ fields: FIELDS, hostTimeout: PATIENCE_MS, timeout: PATIENCE_MS });
  for await (const { table } of scan) {
    for (const rss of table.column('memory').rss) sum += rss;
    // As the other side, which knows how many there are: not until silence says that no others come.
    if (++answered === HOSTS) break;
  }
  if (answered !== HOSTS) throw new Error(`${answered} hosts have answered: ${JSON.stringify(scan.missing)}`);
  return sum;
}

async function byJson(connection: NatsConnection): Promise<number> {
  const inbox = createInbox();
  const subscription = connection.subscribe(inbox, { max: HOSTS });
  connection.publish(JSON_SUBJECT, '', { reply: inbox });
  let sum = 0;
  for await (const message of subscription) {
    const { rows } = message.json<{ rows: { memory: { rss: number } | null }[] }>();
    for (const { memory } of rows) sum += memory?.rss ?? 0;
  }
  return sum;
}

async function processes(): Promise<number> {
  await using client = createClient({ threads: 1 });
  return (await client.pids()).length;
}

/** The programs of the hosts. */
class Hosts implements AsyncDisposable {
  readonly #programs: ChildProcess[] = [];

  static async start(address: string): Promise<Hosts> {
    const hosts = new Hosts();
    for (let at = 0; at < HOSTS; at += STARTED_AT_A_TIME) {
      const some = Array.from({ length: STARTED_AT_A_TIME }, (_, index) => hosts.#start(address, `host${at + index}`));
      await Promise.all(some);
    }
    return hosts;
  }

  get pids(): number[] {
    return this.#programs.map(({ pid }) => pid as number);
  }

  async #start(address: string, name: string): Promise<void> {
    const args = ['--max-old-space-size=64', folder('dist/fleet/host.js'), address, name];
    const program = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#programs.push(program);
    await Promise.race([once(program.stdout, 'data'), once(program, 'exit')]);
    if (program.exitCode !== null) throw new Error(`a host has ended: ${program.exitCode}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#programs.map(async (program) => {
        const ended = once(program, 'exit');
        program.stdin?.end();
        await ended;
      }),
    );
  }
}
