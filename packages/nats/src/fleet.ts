import type { Client, DefaultField, Fields, NamedField } from 'psutil-extra';
import { type Allowed, createRemoteClient, type HostDescription } from 'psutil-extra/remote';
import { checkHost } from './arguments.js';
import { Directory } from './directory.js';
import { FleetScan } from './fleet-scan.js';
import { HostRequests, NEVER } from './host-requests.js';
import { readerOf } from './host-scan.js';
import { Link } from './link.js';
import {
  checkFleetOptions,
  checkHostOptions,
  checkHostsOptions,
  checkScanOptions,
  type FleetOptions,
  type FleetScanOptions,
  type HostsOptions,
} from './options.js';
import type { Sighting } from './roster.js';
import { ScanRun } from './scan-run.js';

/** A host of the fleet. */
export interface HostInfo {
  readonly name: string;
  /** The version of psutil-extra there. */
  readonly version: string;
  /** What `serve()` there allows besides reading. */
  readonly allowed: readonly Allowed[];
  readonly description: HostDescription;
  /** How many machines have this name: more than one is a mistake, and none of them is asked. */
  readonly machines: number;
}

/** A part on its way, and how many of them, of what is asked of one host. */
const CALL = { maxPart: 512 * 1024, parts: 4, maxAnswer: 256 * 2 ** 20 };

/** All hosts that serve their processes on a NATS. */
export function connect(options: FleetOptions): Fleet {
  return new Fleet(options);
}

/** The hosts that serve their processes. */
export class Fleet implements AsyncDisposable {
  readonly #timeout: number;
  readonly #link: Link;
  readonly #directory: Directory;

  /** @internal Made by {@link connect}. */
  constructor(options: FleetOptions) {
    const { connection, timeout, prefix } = checkFleetOptions(options);
    this.#timeout = timeout;
    this.#link = new Link(connection);
    this.#directory = new Directory(this.#link, prefix);
  }

  /** The hosts that answer to a ping, by name. */
  async hosts(options?: HostsOptions): Promise<HostInfo[]> {
    const { timeout, signal = NEVER } = checkHostsOptions(options);
    signal.throwIfAborted();
    const byHost = new Map<string, Sighting[]>();
    await this.#directory.discover(timeout, signal, (sighting) => {
      const namesakes = byHost.get(sighting.host);
      if (namesakes === undefined) byHost.set(sighting.host, [sighting]);
      else namesakes.push(sighting);
    });
    await this.#directory.describeAll([...byHost.values()].flat(), timeout, signal);
    const infos: HostInfo[] = [];
    for (const [name, sightings] of byHost) {
      const description = sightings
        .map((each) => this.#directory.descriptionOf(each))
        .find((each) => each !== undefined);
      // It has ended since, or is not what it says: it is not a host that could be asked.
      if (description === undefined) continue;
      const { version, allowed } = description;
      const machines = new Set(sightings.map(({ machine }) => machine)).size;
      infos.push({ name, version, allowed, description, machines });
    }
    return infos.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * A client of one host, with the methods of `createClient()`. What `serve()` does not allow there is rejected with
   * `AccessDeniedError`. Close it as any client.
   */
  async host(name: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Client> {
    const host = checkHost('name', name);
    const { signal = NEVER } = checkHostOptions(options);
    signal.throwIfAborted();
    const sighting = await this.#directory.find(host, this.#timeout, signal);
    const shared = await this.#directory.describe(sighting, this.#timeout, signal);
    const description = { ...shared, reader: sighting.reader ?? 0 };
    const requests = new HostRequests(this.#link, this.#directory, sighting, { ...CALL, silence: this.#timeout });
    const request = requests.request.bind(requests);
    return createRemoteClient({ description, request }, { name: host });
  }

  /**
   * Scans all hosts, or those that are named, and gives each table when it comes. Hosts that do not answer are in `missing`, and hold up
   * no other.
   */
  scan<const F extends readonly NamedField[] = readonly DefaultField[]>(
    options?: FleetScanOptions<F>,
  ): FleetScan<Fields<F>> {
    const settings = checkScanOptions(options);
    const read = readerOf(settings);
    return new FleetScan(() => new ScanRun({ link: this.#link, directory: this.#directory }, settings, read));
  }

  /** Ends what is still being asked; clients of hosts ask nothing any more. The connection stays open. */
  close(): Promise<void> {
    this.#link.close();
    this.#directory.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
