import { FIELD_INDEX, type FieldSet, type Frame, ONLY } from '@psutil-extra/native/protocol';
import type { Scope } from '../oneshot/scope.js';
import { bigIntLimit, limit } from '../schema/decode.js';
import type { BigIntLimits, Limits } from '../schema/limits.js';
import { ProcessRef } from '../schema/process-ref.js';
import { resourcesOf } from '../schema/resources.js';
import { type LimitsOptions, readLimitsOptions } from '../support/call-options.js';
import type { Origin } from '../support/capabilities.js';
import { notSupported, processError } from '../support/errors.js';
import type { CallRunner } from './call-runner.js';
import type { FieldReader } from './field-reader.js';

/** Reads one limit. */
export class LimitCall {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;
  readonly #origin: Origin;

  constructor(runner: CallRunner, reader: FieldReader, origin: Origin) {
    this.#runner = runner;
    this.#reader = reader;
    this.#origin = origin;
  }

  get(
    proc: unknown,
    resource: unknown,
    options: LimitsOptions | undefined,
    within?: Scope,
  ): Promise<Limits | BigIntLimits> {
    return this.#runner.run('getrlimit', proc, options, readLimitsOptions, async ({ signal, bigint }) => {
      const pid = ProcessRef.pidOf(proc);
      const number = resourcesOf(this.#origin.machine?.capabilities).numberOf(resource);
      const source = await this.#reader.find(ONLY[RLIMITS] as FieldSet, proc, signal, within, 'rlimits');
      const failure = source.failure(RLIMITS);
      if (failure !== undefined) throw processError(failure, pid, String(resource), this.#origin);
      const one = bigint ? bigIntLimit : limit;
      const found = one((source.frame(RLIMITS) as Frame).column(RLIMITS), source.row(RLIMITS), number);
      if (found === undefined)
        throw notSupported(pid, String(resource), 'this kernel has no such resource', this.#origin);
      return found;
    });
  }
}

const RLIMITS = FIELD_INDEX.rlimits;
