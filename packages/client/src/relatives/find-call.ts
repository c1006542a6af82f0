import { NO_FIELDS } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import type { Identified } from '../schema/identity.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import { type Test, testsOf } from './criteria.js';
import type { Confirming, Found, ProcessMaps } from './process-map.js';

/** @internal Finds processes by what they are. It reads what it needs: a criterion that is expensive only of those that match the others. */
export class FindCall {
  readonly #runner: CallRunner;
  readonly #maps: ProcessMaps;
  readonly #relatives: Confirming;

  constructor(runner: CallRunner, maps: ProcessMaps, relatives: Confirming) {
    this.#runner = runner;
    this.#maps = maps;
    this.#relatives = relatives;
  }

  find(criteria: unknown, options: CallOptions | undefined): Promise<Identified[]> {
    return this.#runner.run('find', undefined, options, readOptions, async ({ signal }) => {
      const { cheap, expensive } = testsOf(criteria);
      if (cheap.length === 0) return this.#relatives.confirm(await this.#matching(expensive, signal), signal);
      const found = await this.#matching(cheap, signal);
      if (expensive.length === 0 || found.length === 0) return this.#relatives.confirm(found, signal);
      // By their ticks: the PID of one may have been reused.
      const refs = found.map(({ pid, start }) => new ProcessRef(pid, start));
      return this.#relatives.confirm(await this.#matching(expensive, signal, refs), signal);
    });
  }

  #matching(tests: readonly Test[], signal: AbortSignal | undefined, procs?: Iterable<unknown>): Promise<Found[]> {
    const fields = tests.reduce((every, test) => every.union(test.fields), NO_FIELDS);
    return this.#maps.matching(
      fields,
      (frame, row) => tests.every(({ matches }) => matches(frame, row)),
      signal,
      procs,
    );
  }
}
