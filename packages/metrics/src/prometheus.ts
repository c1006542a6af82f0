import { Counter, Gauge, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import { invalidType } from './arguments.js';
import { MEASUREMENTS } from './measurements.js';
import type { ProcessGroups } from './process-groups.js';

/** A sample: the values of labels, and the number. */
type Sample = MetricValue<string>;

/**
 * Puts the metrics of groups into a registry of prom-client, or into a new one. A scrape gets what was read last.
 *
 * @returns the registry, whose `metrics()` is the text for Prometheus.
 * @throws Error if the registry has them already.
 */
export function exportToPrometheus(groups: ProcessGroups, registry: Registry = new Registry()): Registry {
  if (typeof (registry as Partial<Registry> | null)?.registerMetric !== 'function') {
    throw invalidType('registry', 'a Registry of prom-client', registry);
  }
  for (const { prometheus: name, help, kind, by, values } of MEASUREMENTS) {
    const samples = (): Sample[] => {
      const epoch = Date.now();
      return groups.list().flatMap((group) =>
        values.flatMap(({ is, of }): Sample[] => {
          const value = of(group, epoch);
          if (value === undefined) return [];
          return [{ value, labels: by && is ? { group: group.name, [by.prometheus]: is } : { group: group.name } }];
        }),
      );
    };
    const labelNames = ['group', ...(by === undefined ? [] : [by.prometheus])];
    register(registry, kind === 'counter', { name, help, labelNames }, samples);
  }
  for (const { isCounter, name, help, value } of OWN) {
    register(registry, isCounter, { name, help, labelNames: [] }, () => {
      const found = value(groups);
      return Number.isNaN(found) ? [] : [{ value: found, labels: {} }];
    });
  }
  return registry;
}

interface Named {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
}

function register(registry: Registry, isCounter: boolean, named: Named, samples: () => Sample[]): void {
  const metric = isCounter ? new ReadCounter({ ...named, registers: [] }) : new ReadGauge({ ...named, registers: [] });
  metric.samples = samples;
  registry.registerMetric(metric);
}

/*
 * prom-client's own metrics keep a number for each series that they have ever had. The groups have the numbers: so a scrape takes
 * them from there, and a series ends with its group.
 */

class ReadGauge extends Gauge {
  samples: () => Sample[] = () => [];

  override async get(): Promise<MetricObjectWithValues<Sample>> {
    return { ...(await super.get()), values: this.samples() };
  }
}

class ReadCounter extends Counter {
  samples: () => Sample[] = () => [];

  override async get(): Promise<MetricObjectWithValues<Sample>> {
    return { ...(await super.get()), values: this.samples() };
  }
}

/** What is said of the exporter itself. */
const OWN: readonly {
  readonly name: string;
  readonly help: string;
  readonly isCounter: boolean;
  readonly value: (this: void, groups: ProcessGroups) => number;
}[] = [
  {
    name: 'process_groups',
    help: 'Groups that have series, without the group other',
    isCounter: false,
    value: ({ size }) => size,
  },
  {
    name: 'process_groups_limit',
    help: 'How many groups there may be: processes of any more are in the group other',
    isCounter: false,
    value: ({ maxGroups }) => maxGroups,
  },
  {
    name: 'process_group_sample_timestamp_seconds',
    help: 'When processes were read last, in seconds since 1970',
    isCounter: false,
    value: ({ age }) => (Date.now() - age) / 1000,
  },
  {
    name: 'process_group_sample_failures_total',
    help: 'How often processes could not be read',
    isCounter: true,
    value: ({ failures }) => failures,
  },
  {
    name: 'process_group_unread_disk_io_processes',
    help: 'Processes whose disk I/O this user may not read',
    isCounter: false,
    value: ({ unreadIo }) => unreadIo,
  },
];
