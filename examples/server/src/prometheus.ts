import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A Prometheus that scrapes some servers. */
export interface Prometheus extends AsyncDisposable {
  readonly url: string;
  /** The answer of an instant query: the labels and the value of each series. */
  query(expression: string): Promise<Sample[]>;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Starts one on this machine, with what it stores in a folder that goes with it. Resolves when it is ready. */
export async function prometheus(
  servers: readonly string[],
  everySeconds = 5,
  rules: string = RULES,
): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, configOf(servers, everySeconds, rules));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]);
  const url = `http://${address}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready(
      url,
      ended.then(() => Promise.reject(new Error(`prometheus has ended:\n${said}`))),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, query: (expression) => query(url, expression), [Symbol.asyncDispose]: stop };
}

/** What Prometheus is to scrape, and the rules beside it. JSON is YAML too. */
export function configOf(servers: readonly string[], everySeconds: number, rules: string = RULES): string {
  return JSON.stringify(
    {
      global: { scrape_interval: `${everySeconds}s`, evaluation_interval: `${everySeconds}s` },
      rule_files: [rules],
      scrape_configs: [
        { job_name: 'psutil-extra', static_configs: [{ targets: servers.map((url) => new URL(url).host) }] },
      ],
    },
    undefined,
    2,
  );
}

async function ready(url: string, ended: Promise<never>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const answered = fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (await Promise.race([answered, ended])) return;
    await Promise.race([pause(100), ended]);
  }
  throw new Error('prometheus was not ready after 20 seconds');
}

async function query(url: string, expression: string): Promise<Sample[]> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const { status, error, data } = (await answer.json()) as QueryAnswer;
  if (status !== 'success') throw new Error(`${expression}: ${error}`);
  return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

/** One that was free a moment ago: Prometheus does not print which port it takes when it chooses one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Alerts, as one would have them on a fleet. */
export const RULES = fileURLToPath(new URL('../prometheus/rules.yml', import.meta.url));
