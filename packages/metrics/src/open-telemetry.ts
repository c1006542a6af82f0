import { invalidType } from './arguments.js';
import { MEASUREMENTS, type Measurement } from './measurements.js';
import type { ProcessGroups } from './process-groups.js';

/** The attribute that has the name of a group. */
export const GROUP_ATTRIBUTE = 'psutil_extra.group';

/**
 * What is used of a `Meter` of `@opentelemetry/api`. Declared here, so that programs without that package compile.
 */
export interface GroupMeter<Instrument = unknown> {
  /** Makes an instrument of a number that only grows. */
  createObservableCounter(name: string, options: InstrumentOptions): Instrument;
  /** Makes an instrument of a number that grows and falls, and of which sums make sense. */
  createObservableUpDownCounter(name: string, options: InstrumentOptions): Instrument;
  /** Makes an instrument of a number of which sums make no sense. */
  createObservableGauge(name: string, options: InstrumentOptions): Instrument;
  /** Has the callback called at each collection. */
  addBatchObservableCallback(callback: (result: GroupResult<Instrument>) => void, instruments: Instrument[]): void;
  /** Ends that. */
  removeBatchObservableCallback(callback: (result: GroupResult<Instrument>) => void, instruments: Instrument[]): void;
}

interface InstrumentOptions {
  readonly description: string;
  readonly unit: string;
}

/** What a collection takes values from. */
export interface GroupResult<Instrument> {
  /** Takes the value of an instrument. */
  observe(instrument: Instrument, value: number, attributes: Record<string, string>): void;
}

function instrumentOf<I>({ openTelemetry: name, unit, help: description, kind }: Measurement, meter: GroupMeter<I>): I {
  const options = { description, unit };
  if (kind === 'counter') return meter.createObservableCounter(name, options);
  if (kind === 'sum') return meter.createObservableUpDownCounter(name, options);
  return meter.createObservableGauge(name, options);
}

/**
 * Makes observable instruments on a meter, by OpenTelemetry's names and units. A collection gets what was read last.
 *
 * @param meter of `@opentelemetry/api`, such as `metrics.getMeter('processes')`.
 * @returns a function that ends that, and does not close the groups.
 */
export function exportToOpenTelemetry<I>(groups: ProcessGroups, meter: GroupMeter<I>): () => void {
  if (typeof (meter as Partial<GroupMeter> | null | undefined)?.addBatchObservableCallback !== 'function') {
    throw invalidType('meter', 'a Meter of @opentelemetry/api', meter);
  }
  const made = MEASUREMENTS.map((measurement) => ({ measurement, instrument: instrumentOf(measurement, meter) }));
  const instruments = made.map(({ instrument }) => instrument);
  // All of them at once: so that the numbers of a collection are of one reading.
  const callback = (result: GroupResult<I>) => {
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
