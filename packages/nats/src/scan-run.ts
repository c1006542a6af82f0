import { setMaxListeners } from 'node:events';
import type { Field, ProcessTable } from 'psutil-extra';
import { type Addressee, FleetError, fleetErrors } from './fleet-error.js';
import { addressee, type HostReader, type HostScan } from './host-scan.js';
import type { CheckedScan } from './options.js';
import type { Sighting } from './roster.js';
import { NoMorePlaces, type Slot, Slots } from './slots.js';
import { hostSubject } from './subjects.js';

/** The processes of a host. */
export interface HostTable<F extends Field = Field> {
  readonly host: string;
  readonly table: ProcessTable<F>;
}

/** A host whose processes are not known, and why. */
export interface MissingHost {
  readonly host: string;
  /** The code of the error: `'ERR_HOST_GONE'`, `'ERR_HOST_SILENT'`, and others of {@link FleetError}; or that of psutil-extra's error. */
  readonly reason: string;
  readonly error: Error;
}

/** A host that says nothing for so long gives its place to another. */
const SILENT_MS = 500;
/** Four parts of this size are on their way from a host at most. */
const SCAN_PART = 128 * 1024;
const SCAN_PARTS = 4;
const MAX_ANSWER = 32 * 2 ** 20;
/** A user may answer to one ping under any number of names of machines. */
const MOST_LOOKS = 3;
/** How long a ping waits for those who answer late. */
const PING_MS = 2000;

type Means = Pick<HostScan, 'link' | 'directory'>;

/** A scan of the fleet: asks hosts as they are found, and keeps what has not been taken. */
export class ScanRun {
  readonly #means: Means;
  readonly #settings: CheckedScan;
  readonly #read: HostReader;
  readonly #slots: Slots;
  readonly #abort = new AbortController();
  readonly #deadline: NodeJS.Timeout;
  readonly #ready: { readonly answer: HostTable; readonly slot: Slot }[] = [];
  /** Of each host the service that is asked. */
  readonly #asked = new Map<string, Sighting>();
  /** Of each host another service on the same machine. */
  readonly #spares = new Map<string, Sighting>();
  /** Of each host that several machines claim to be, how often that was looked into. */
  readonly #looked = new Map<string, number>();
  /** Of each host why it is missing; `undefined` once it has answered. */
  readonly #outcomes = new Map<string, Error | undefined>();
  /** Names that several machines have: whatever one of them has answered. */
  readonly #doubles = new Map<string, Error>();
  #isOver = false;
  #failure: unknown;
  /** Those who wait for an answer, of which there may be several. */
  #waiting: (() => void)[] = [];

  constructor(means: Means, settings: CheckedScan, read: HostReader) {
    this.#means = means;
    this.#settings = settings;
    this.#read = read;
    this.#slots = new Slots(settings.concurrency);
    // One for each host that is being asked.
    setMaxListeners(0, this.#abort.signal);
    this.#deadline = setTimeout(() => this.#abort.abort(OVER), settings.timeout);
    this.#abort.signal.addEventListener('abort', () => this.#slots.close());
    settings.signal?.addEventListener('abort', this.#stopped);
    if (settings.signal?.aborted === true) this.#stopped();
    this.#run()
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#isOver = true;
        clearTimeout(this.#deadline);
        settings.signal?.removeEventListener('abort', this.#stopped);
        // Where it has failed, hosts are still being asked.
        this.#abort.abort(OVER);
        this.#wake();
      });
  }

  /** The next answer; `undefined` if there are no more. */
  async take(): Promise<HostTable | undefined> {
    for (;;) {
      this.#settings.signal?.throwIfAborted();
      const first = this.#ready.shift();
      first?.slot.release();
      if (first !== undefined) return first.answer;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  get missing(): MissingHost[] {
    return [...this.#outcomes, ...this.#doubles].flatMap(([host, error]) =>
      error === undefined || this.#isDouble(host, error)
        ? []
        : [{ host, reason: (error as { code?: string }).code ?? error.name, error }],
    );
  }

  #isDouble(host: string, error: Error): boolean {
    const double = this.#doubles.get(host);
    return double !== undefined && double !== error;
  }

  /** Ends what is still being asked. */
  stop(): void {
    this.#abort.abort(OVER);
    this.#ready.length = 0;
    this.#isOver = true;
    this.#wake();
  }

  /** Ends it with an error of all. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#abort.abort(OVER);
    this.#wake();
  }

  readonly #stopped = () => {
    this.#abort.abort(this.#settings.signal?.reason);
    this.#wake();
  };

  async #run(): Promise<void> {
    const asking: Promise<void>[] = [];
    const { directory } = this.#means;
    const { hosts, timeout } = this.#settings;
    const ask = (sighting: Sighting) => void asking.push(this.#ask(sighting));
    if (hosts === undefined) {
      const ping = directory.discover(Math.min(PING_MS, timeout), this.#abort.signal, (sighting) => {
        if (this.#isOver) return;
        if (!this.#asked.has(sighting.host)) ask(sighting);
        else asking.push(this.#namesake(sighting));
      });
      await ping.catch((error: unknown) => {
        // At the deadline: those who have been found are asked, or reported.
        if (error !== OVER) throw error;
      });
      for (const sighting of directory.remembered) if (!this.#asked.has(sighting.host)) ask(sighting);
    } else {
      const known = new Map(directory.remembered.map((sighting) => [sighting.host, sighting]));
      for (const host of hosts) asking.push(this.#askNamed(host, known.get(host)));
    }
    // Some may be found while others are asked.
    for (let waited = -1; waited < asking.length; ) {
      waited = asking.length;
      await Promise.all(asking);
    }
  }

  /** Another service with the name of a host: on the same machine it is the same host. */
  async #namesake(sighting: Sighting): Promise<void> {
    const { host } = sighting;
    const asked = this.#asked.get(host);
    if (asked === undefined || asked.instance === sighting.instance) return;
    if (asked.machine === sighting.machine) {
      // Of two that are alike one is enough. The one that was asked may have been there before, and have ended.
      this.#spares.set(host, sighting);
      if (this.#isGone(host)) await this.#askSpare(host);
      return;
    }
    // A user that answers to a ping may name any host. On the host's own subject the permissions of NATS decide who can. All that
    // answer there are found at once.
    const looked = this.#looked.get(host) ?? 0;
    if (looked === MOST_LOOKS) return;
    this.#looked.set(host, looked + 1);
    this.#asked.set(host, { ...asked, machine: sighting.machine });
    try {
      const found = await this.#means.directory.find(host, this.#settings.hostTimeout, this.#abort.signal);
      if (found.machine !== asked.machine) await this.#ask(found);
    } catch (error) {
      // If no other answer has the name, the first one is as good as it was.
      if (error instanceof FleetError && error.code === 'ERR_HOST_DUPLICATE') this.#doubles.set(host, error);
    }
  }

  /** A host that the caller names: by the service that was there last, or else by asking who is there. */
  async #askNamed(host: string, known: Sighting | undefined): Promise<void> {
    if (known !== undefined) {
      await this.#ask(known);
      if (!this.#isGone(host)) return;
    }
    const to = { host, subject: hostSubject(this.#means.directory.prefix, host) };
    await this.#inPlace(host, to, async (slot, signal) => {
      const found = await this.#means.directory.find(host, this.#settings.hostTimeout, signal);
      await this.#answer(found, slot, signal);
    });
  }

  async #ask(sighting: Sighting): Promise<void> {
    const { host } = sighting;
    this.#asked.set(host, sighting);
    const to = addressee(this.#means.directory, sighting);
    await this.#inPlace(host, to, (slot, signal) => this.#answer(sighting, slot, signal));
    if (this.#isGone(host)) await this.#askSpare(host);
  }

  async #askSpare(host: string): Promise<void> {
    const spare = this.#spares.get(host);
    this.#spares.delete(host);
    if (spare !== undefined) await this.#ask(spare);
  }

  #isGone(host: string): boolean {
    return (this.#outcomes.get(host) as { code?: string } | undefined)?.code === 'ERR_HOST_GONE';
  }

  async #answer(sighting: Sighting, slot: Slot, signal: AbortSignal): Promise<void> {
    const { host } = sighting;
    const { hostTimeout: silence } = this.#settings;
    const patience = { maxPart: SCAN_PART, parts: SCAN_PARTS, maxAnswer: MAX_ANSWER, silence };
    const late = setTimeout(() => slot.late(), SILENT_MS);
    try {
      const table = await this.#read(sighting, { ...this.#means, patience, signal, alive: () => clearTimeout(late) });
      this.#outcomes.set(host, undefined);
      this.#ready.push({ answer: { host, table }, slot });
      this.#wake();
    } finally {
      clearTimeout(late);
    }
  }

  /** Does something for a host when there is a place for it; what it throws is why the host is missing. */
  async #inPlace(host: string, to: Addressee, work: (slot: Slot, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { timeout, hostTimeout } = this.#settings;
    let slot: Slot | undefined;
    try {
      slot = await this.#slots.acquire();
      await within(
        hostTimeout,
        this.#abort.signal,
        () => fleetErrors.silent(to, hostTimeout),
        (signal) => work(slot as Slot, signal),
      );
    } catch (error) {
      slot?.release();
      this.#outcomes.set(host, reasonOf(error));
      // The caller's own mistake, as a criterion that there is not: it is the same for every host.
      if (isArgumentError(error)) this.#fail(error);
    }

    function reasonOf(error: unknown): Error {
      if (error instanceof NoMorePlaces) return fleetErrors.notAsked(to, timeout);
      if (error === OVER) return fleetErrors.silent(to, timeout);
      // A signal may have any reason.
      const { cause } = Object(error) as { readonly cause?: unknown };
      // A remote client says what its transport said.
      if (cause === OVER) return fleetErrors.silent(to, timeout);
      if (cause instanceof FleetError) return cause;
      return error instanceof Error ? error : new Error(String(error), { cause: error });
    }
  }
}

const OVER = new Error('the scan is over');

/** Whether the error is of what the caller has given. What a host sends becomes no such error. */
function isArgumentError(error: unknown): boolean {
  if (!(error instanceof TypeError || error instanceof RangeError)) return false;
  return /^ERR_(INVALID_ARG_|OUT_OF_RANGE)/.test(String((error as { readonly code?: unknown }).code));
}

/** Does something with a signal that aborts after so long, or with another signal. */
async function within(
  ms: number,
  outer: AbortSignal,
  error: () => Error,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(error()), ms);
  const pass = () => abort.abort(outer.reason);
  outer.addEventListener('abort', pass);
  if (outer.aborted) pass();
  try {
    await work(abort.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', pass);
  }
}
