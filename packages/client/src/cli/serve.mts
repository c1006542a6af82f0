import { readFileSync } from 'node:fs';
import { type Client, createClient } from 'psutil-extra';
import type { Address } from './address.mjs';
import { atEndingSignal } from './ending-signals.mjs';
import { Exit, messageLines } from './exit.mjs';
import { optionalPackage } from './optional-package.mjs';
import { UsageError } from './usage-error.mjs';

/** The options of the command. */
export interface ServeCommand {
  readonly metrics: Address;
  readonly groupBy?: string;
  readonly config?: string;
  /** Seconds. */
  readonly interval?: number;
  readonly procRoot: string;
}

/** Serves metrics until a signal asks it to end, which is no failure, and then ends at once. */
export async function serve(command: ServeCommand): Promise<number> {
  let hasEnded = false;
  const end = new Promise<void>((resolve) => {
    // Until the process ends: the same ^C may come again when the server is closed.
    atEndingSignal(() => {
      hasEnded = true;
      resolve();
    });
  });
  const { metrics: address, procRoot } = command;
  const metrics = (await optionalPackage('@psutil-extra/metrics', 'serve')) as Metrics;
  const options = optionsOf(command, metrics);
  await using client = createClient({ procRoot });
  let isReady = false;
  const onError = (error: unknown) => {
    // The first time the command ends with it.
    if (isReady) warn(`processes could not be read, which is tried again: ${messageOf(error)}`);
  };
  const server = await listening(metrics, client, { ...options, ...address, onError });
  try {
    await Promise.race([end, server.groups.ready()]);
    if (hasEnded) return Exit.ok;
    isReady = true;
    process.stderr.write(`metrics on ${server.url}/metrics\n`);
    await end;
    return Exit.ok;
  } finally {
    await server.close();
  }
}

/** What is used of the package. It uses this one, so that the compiler cannot look into it here. */
interface Metrics {
  serveMetrics(client: Client, options: object): Promise<Server>;
  parseConfig(text: string, file: string): object;
}

interface Server {
  readonly url: string;
  readonly groups: { ready(): Promise<void> };
  close(): Promise<void>;
}

function optionsOf({ config, groupBy, interval }: ServeCommand, metrics: Metrics): object {
  const ofFile = config === undefined ? {} : metrics.parseConfig(readConfig(config), config);
  return {
    ...ofFile,
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(interval === undefined ? {} : { interval: Math.round(interval * 1000) }),
  };
}

function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--config ${file}: ${messageOf(error)}`, { cause: error });
  }
}

async function listening(
  metrics: Metrics,
  client: Client,
  options: Address & { readonly onError: (error: unknown) => void },
): Promise<Server> {
  try {
    return await metrics.serveMetrics(client, options);
  } catch (error) {
    const why = WHY[(error as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw error;
    throw new Error(`--metrics ${textOf(options)}: ${why(options)}`, { cause: error });
  }
}

function textOf({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Why it cannot listen, and what to do. */
const WHY: Readonly<Record<string, (address: Address) => string>> = {
  EADDRINUSE: ({ port }) => `another program has port ${port}; choose another one, or 0 for any that is free`,
  EACCES: () => 'a port below 1024 takes root or CAP_NET_BIND_SERVICE',
  EADDRNOTAVAIL: ({ host }) => `no network interface of this machine has the address ${host}`,
  EAFNOSUPPORT: ({ host }) => `this machine has no network for the address ${host}`,
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function warn(message: string): void {
  process.stderr.write(messageLines(`psutil-extra: ${message}`));
}
