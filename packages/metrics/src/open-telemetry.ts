import { invalidType } from './arguments.js';
import { MEASUREMENTS } from './measurements.js';
import type { ProcessGroups } from './process-groups.js';

/** The attribute that has the name of a group. */
export const GROUP_ATTRIBUTE = 'psutil_extra.group';

/**
 * What is used of a `Meter` of `@opentelemetry/api`. Declared here, so that programs without that package compile.
 */
export interface GroupMeter<Instrument = unknown> {
  createObservableCounter(name: string, options: InstrumentOptions): Instrument;
  createObservableUpDownCounter(name: string, options: InstrumentOptions): Instrument;
  createObservableGauge(name: string, options: InstrumentOptions): Instrument;
  addBatchObservableCallback(callback: (result: never) => void, instruments: Instrument[]): void;
  removeBatchObservableCallback(callback: (result: never) => void, instruments: Instrument[]): void;
}

interface InstrumentOptions {
  readonly description: string;
  readonly unit: string;
}

interface Result<Instrument> {
  observe(instrument: Instrument, value: number, attributes: Record<string, string>): void;
}

/**
 * Makes observable instruments on a meter, by OpenTelemetry's names and units. A collection gets what was read last.
 *
 * @returns what ends that.
 */
export function exportToOpenTelemetry<I>(groups: ProcessGroups, meter: GroupMeter<I>): () => void {
  if (typeof (meter as Partial<GroupMeter> | null | undefined)?.addBatchObservableCallback !== 'function') {
    throw invalidType('meter', 'a Meter of @opentelemetry/api', meter);
  }
  const made = MEASUREMENTS.map((measurement) => {
    const { openTelemetry: name, unit, help: description, kind } = measurement;
    const options = { description, unit };
    switch (kind) {
      case 'counter':
        return { measurement, instrument: meter.createObservableCounter(name, options) };
      case 'sum':
        return { measurement, instrument: meter.createObservableUpDownCounter(name, options) };
      case 'worst':
        return { measurement, instrument: meter.createObservableGauge(name, options) };
    }
  });
  const instruments = made.map(({ instrument }) => instrument);
  // All of them at once: so that the numbers of a collection are of one reading.
  const callback = (result: Result<I>) => {
    const epoch = Date.now();
    for (const group of groups.list()) {
      for (const { measurement, instrument } of made) {
        const { by, values } = measurement;
        for (const { is, isThere = is, of } of values) {
          const value = of(group, epoch);
          if (value === undefined) continue;
          const own = by === undefined || isThere === undefined ? {} : { [by.openTelemetry]: isThere };
          result.observe(instrument, value, { [GROUP_ATTRIBUTE]: group.name, ...own });
        }
      }
    }
  };
  meter.addBatchObservableCallback(callback, instruments);
  return () => meter.removeBatchObservableCallback(callback, instruments);
}
