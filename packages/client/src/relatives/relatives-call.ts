import { FIELD_INDEX, type FieldSet, IDENTIFY, NO_FIELDS, ONLY } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import type { FieldReader } from '../calls/field-reader.js';
import type { Identified, Identities } from '../schema/identity.js';
import { ProcessRef } from '../schema/process-ref.js';
import { abortable } from '../support/abort.js';
import { checkBoolean } from '../support/arguments.js';
import { type CallOptions, readChildrenOptions, readOptions } from '../support/call-options.js';
import { NoSuchProcessError } from '../support/errors.js';
import { type Found, type ProcessMap, type ProcessMaps, tickOf } from './process-map.js';

/** Options of `children()`. */
export interface ChildrenOptions extends CallOptions {
  /** Also the children of the children, and so on, from the top down. */
  readonly recursive?: boolean | undefined;
}

/** @internal Finds the relatives of a process. */
export class RelativesCall {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;
  readonly #identities: Identities;
  readonly #maps: ProcessMaps;

  constructor(runner: CallRunner, reader: FieldReader, identities: Identities, maps: ProcessMaps) {
    this.#runner = runner;
    this.#reader = reader;
    this.#identities = identities;
    this.#maps = maps;
  }

  parent(proc: ProcessRef, options: CallOptions | undefined): Promise<Identified | null> {
    return this.#runner.run('parent', proc, options, readOptions, async ({ signal }) => {
      let ppid = await this.#ppid(proc, signal);
      for (let round = 0; round < MOST_PARENTS; round++) {
        const parent = ppid > 0 ? await this.#identify(ppid, signal) : undefined;
        // If it is still the parent, it was so all the time: a process gets another parent when its own has ended.
        const now = await this.#ppid(proc, signal);
        if (now === ppid) return parent !== undefined && isOlder(parent, proc) ? parent : null;
        ppid = now;
      }
      return null;
    });
  }

  /** The parent first. */
  parents(proc: ProcessRef, options: CallOptions | undefined): Promise<Identified[]> {
    return this.#runner.run('parents', proc, options, readOptions, ({ signal }) =>
      this.#related(proc, signal, (map, self) => map.ancestorsOf(self)),
    );
  }

  children(proc: ProcessRef, options: ChildrenOptions | undefined): Promise<Identified[]> {
    return this.#runner.run('children', proc, options, readChildrenOptions, ({ signal, recursive }) => {
      const isRecursive = checkBoolean('options.recursive', recursive);
      return this.#related(proc, signal, (map, self) => (isRecursive ? map.descendantsOf([self]) : self.children));
    });
  }

  /** By one scan, whichever relatives are meant. */
  async #related(
    proc: ProcessRef,
    signal: AbortSignal | undefined,
    select: (map: ProcessMap, self: Found) => readonly Found[],
  ): Promise<Identified[]> {
    const map = await this.#maps.read(NO_FIELDS, signal);
    const self = map.get(proc.pid);
    const isSelf = self !== undefined && self.start === tickOf(ProcessRef.startOf(proc));
    const found = isSelf ? select(map, self) : [];
    // Rejects if it is gone.
    const isThere = this.#identities.find(proc.pid, ProcessRef.startOf(proc), signal);
    const [relatives] = await Promise.all([this.confirm(found, signal), isThere]);
    return relatives;
  }

  /** Those that are still there, in their order: a scan finds only the ticks of their starts. */
  async confirm(found: readonly Found[], signal: AbortSignal | undefined): Promise<Identified[]> {
    const confirming = this.#confirmInPortions(found, signal);
    const confirmed = await (signal === undefined ? confirming : abortable(confirming, signal));
    return confirmed.flat().filter((each) => each !== undefined);
  }

  /** A few portions at a time: an answer about thousands would keep the event loop from everything else while it is taken apart. */
  async #confirmInPortions(found: readonly Found[], signal: AbortSignal | undefined) {
    const portions: Promise<(Identified | undefined)[]>[] = [];
    for (let from = 0; from < found.length; from += PORTION) {
      await portions.at(-AT_ONCE);
      signal?.throwIfAborted();
      const portion = Promise.all(found.slice(from, from + PORTION).map((each) => this.#confirm(each)));
      // It is awaited below, perhaps only after it has failed.
      portion.catch(() => {});
      portions.push(portion);
    }
    return Promise.all(portions);
  }

  async #confirm({ pid, start }: Found): Promise<Identified | undefined> {
    const identified = await this.#identify(pid, undefined);
    return identified !== undefined && tickOf(identified.start) === start ? identified : undefined;
  }

  /** The process that has this PID now, if there is one. */
  async #identify(pid: number, signal: AbortSignal | undefined): Promise<Identified | undefined> {
    try {
      return await this.#identities.find(pid, IDENTIFY, signal);
    } catch (error) {
      if (error instanceof NoSuchProcessError) return undefined;
      throw error;
    }
  }

  async #ppid(proc: ProcessRef, signal: AbortSignal | undefined): Promise<number> {
    const only = ONLY[PPID] as FieldSet;
    const source = await this.#reader.read(only, proc.pid, ProcessRef.startOf(proc), signal, undefined, 'ppid');
    return this.#reader.value(PPID, source, proc.pid, false) as number;
  }
}

function isOlder({ start }: Identified, child: ProcessRef): boolean {
  return tickOf(start) <= tickOf(ProcessRef.startOf(child));
}

const PPID = FIELD_INDEX.ppid;
/** It has another parent each time that it is read: so often, no process outlives its parents. */
const MOST_PARENTS = 1000;
/** Processes that one message confirms, and such messages at a time. */
const PORTION = 64;
const AT_ONCE = 2;
