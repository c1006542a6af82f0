import { ANY_START, FIELD_INDEX, type FieldSet, IDENTIFY, ONLY } from '@psutil-extra/native/protocol';
import { startIn, unknownTimeOfDay } from '../schema/decode.js';
import type { Identified } from '../schema/identity.js';
import { ProcessRef } from '../schema/process-ref.js';
import { type CallOptions, readOptions } from '../support/call-options.js';
import type { Dispatcher } from '../threads/dispatcher.js';
import type { CallRunner } from './call-runner.js';
import type { FieldReader } from './field-reader.js';

/** Finds out which process has a PID. */
export class IdentifyCall {
  readonly #runner: CallRunner;
  readonly #reader: FieldReader;

  readonly #dispatcher: Dispatcher;
  #boot: Promise<string> | undefined;

  constructor(runner: CallRunner, reader: FieldReader, dispatcher: Dispatcher) {
    this.#runner = runner;
    this.#reader = reader;
    this.#dispatcher = dispatcher;
  }

  /** The start of the process, and the time of day of that if it is known. Reads it anew, also within a scope. */
  identify(proc: unknown, options: CallOptions | undefined): Promise<Identified> {
    return this.#runner.run('process', proc, options, readOptions, async ({ signal }) => {
      const pid = ProcessRef.pidOf(proc);
      const start = ProcessRef.startOf(proc);
      return this.find(pid, start === ANY_START ? IDENTIFY : start, signal);
    });
  }

  /** As a part of another call; `required` is the start that it must have, or `IDENTIFY`. */
  async find(pid: number, required: number, signal: AbortSignal | undefined): Promise<Identified> {
    this.#boot ??= this.#readBoot();
    const fields = ONLY[START_TIME] as FieldSet;
    const source = await this.#reader.read(fields, pid, required, signal, undefined, 'startTime');
    const startTime = unknownTimeOfDay(source) ?? (this.#reader.value(START_TIME, source, pid, false) as number);
    return { pid, start: startIn(source), startTime, boot: await this.#boot };
  }

  /** Once for all processes. If it fails, the process is not found either; the next call tries again. */
  #readBoot(): Promise<string> {
    this.#runner.counters.messages++;
    const reading = this.#dispatcher.run({ op: 'boot' }).then((reply) => {
      if (reply.ok) return reply.value.id;
      this.#boot = undefined;
      throw this.#runner.errorFromWire(reply.error, 0, 'boot');
    });
    // The caller may have been rejected meanwhile.
    reading.catch(() => {});
    return reading;
  }
}

const START_TIME = FIELD_INDEX.startTime;
