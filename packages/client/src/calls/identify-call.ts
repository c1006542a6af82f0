import { ANY_START, type Failure, FIELD_INDEX, type FieldSet, IDENTIFY, ONLY } from '@psutil-extra/native/protocol';
import { startIn, unknownTimeOfDay } from '../schema/decode.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import type { CallRunner } from './call-runner.js';
import type { FieldReader } from './field-reader.js';

/** Finds out which process has a PID. */
export class IdentifyCall {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;

  constructor(runner: CallRunner, reader: FieldReader) {
    this.#runner = runner;
    this.#reader = reader;
  }

  /** The start of the process, and the time of day of that if it is known. Reads it anew, also within a scope. */
  identify(proc: unknown, options: CallOptions | undefined): Promise<Identified> {
    return this.#runner.run('process', proc, options, readOptions, async ({ signal }) => {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      const required = start === ANY_START ? IDENTIFY : start;
      const fields = ONLY[START_TIME] as FieldSet;
      const source = await this.#reader.read(fields, pid, required, signal, undefined, 'startTime');
      const startTime = unknownTimeOfDay(source) ?? (this.#reader.value(START_TIME, source, pid, false) as number);
      return { pid, start: startIn(source), startTime };
    });
  }
}

/** A process that was found. */
export interface Identified {
  readonly pid: number;
  /** As the system counts: a change of the clock does not change it. */
  readonly start: number;
  /** Milliseconds since the epoch, or why that is not known. */
  readonly startTime: number | Failure;
}

const START_TIME = FIELD_INDEX.startTime;
