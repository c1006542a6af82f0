import { type FieldSet, NO_FIELDS } from '@psutil-extra/native/protocol';
import type { CallRunner } from '../calls/call-runner.js';
import type { Identified } from '../schema/identity.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import { type Test, testsOf } from './criteria.js';
import type { Confirming, Found, ProcessMap, ProcessMaps } from './process-map.js';

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
      if (cheap.length === 0) {
        const every = await this.#maps.read(fieldsOf(expensive), signal);
        return this.#relatives.confirm(matching(every, expensive), signal);
      }
      const every = await this.#maps.read(fieldsOf(cheap), signal);
      const found = matching(every, cheap);
      if (expensive.length === 0 || found.length === 0) return this.#relatives.confirm(found, signal);
      // By their ticks: the PID of one may have been reused.
      const refs = found.map(({ pid, start }) => new ProcessRef(pid, start));
      const some = await this.#maps.read(fieldsOf(expensive), signal, refs);
      return this.#relatives.confirm(matching(some, expensive), signal);
    });
  }
}

function fieldsOf(tests: readonly Test[]): FieldSet {
  return tests.reduce((fields, test) => fields.union(test.fields), NO_FIELDS);
}

function matching(map: ProcessMap, tests: readonly Test[]): Found[] {
  return [...map.all()].filter((process) => tests.every(({ matches }) => matches(process)));
}
