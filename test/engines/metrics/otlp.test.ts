import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { createClient } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import { exportToOpenTelemetry, groupProcesses } from '../../../packages/metrics/dist/index.js';
import { World } from '../../metrics/world.js';
import { Herd } from '../../processes/sleeper.js';

/** What a collector gets: decoded by the definitions of OpenTelemetry's own protocol. */
interface Received {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean } | null;
  readonly gauge?: { readonly dataPoints: readonly Point[] } | null;
}

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly asInt?: number;
}

/** Receives metrics by OTLP over HTTP, as a collector does. */
class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly types: (string | undefined)[] = [];
  readonly #server = createServer((request, response) => {
    void (async () => {
      this.types.push(request.headers['content-type']);
      this.received.push(REQUEST.toObject(REQUEST.decode(await buffer(request)), { longs: Number }) as Received);
      response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
    })();
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/metrics`;
  }

  /** The metrics of the last message. */
  get metrics(): readonly Metric[] {
    return (this.received.at(-1)?.resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics),
    );
  }

  /** The values of a metric by the attributes of each: `sleep user`. */
  values(name: string): Record<string, number> {
    const metric = this.metrics.find((each) => each.name === name);
    const points = metric?.sum?.dataPoints ?? metric?.gauge?.dataPoints ?? [];
    return Object.fromEntries(
      points.map(({ attributes, asDouble, asInt }) => [
        attributes.map(({ value }) => value.stringValue).join(' '),
        asDouble ?? asInt ?? Number.NaN,
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/** The part of protobufjs that is used here. */
interface MessageType {
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): object;
}

/** Made from the `.proto` files of OpenTelemetry; its declarations are not published. */
const PROTOBUF = '@opentelemetry/otlp-transformer/build/src/generated/root.js';
const { opentelemetry } = createRequire(import.meta.url)(PROTOBUF) as {
  opentelemetry: { proto: { collector: { metrics: { v1: { ExportMetricsServiceRequest: MessageType } } } } };
};
const REQUEST = opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

describe('the SDK of OpenTelemetry', () => {
  it('sends to a receiver by OTLP what /proc says', async () => {
    using herd = await Herd.of(3);
    await using receiver = new Receiver();
    const provider = providerTo(await receiver.listen());
    await using client = createClient();
    const ours = herd.pids;
    await using groups = groupProcesses(client, {
      groupBy: [{ group: 'herd', name: 'sleep', cmdline: 'sleep 300' }],
    });
    await groups.ready();
    const end = exportToOpenTelemetry(groups, provider.getMeter('test'));
    await provider.forceFlush();
    expect(receiver.types).toEqual(['application/x-protobuf']);
    const count = receiver.values('system.process.count')['herd sleeping'] ?? 0;
    expect(count).toBeGreaterThanOrEqual(ours.length);
    // Other tests have such processes too: each has as many pages as ours.
    const memory = receiver.values('process.memory.usage')['herd'] ?? 0;
    const [pages = 0] = readFileSync(`/proc/${ours[0]}/statm`, 'latin1').split(' ').map(Number);
    expect(receiver.values('process.memory.virtual')['herd']).toBeCloseTo(count * pages * 4096, -7);
    expect(memory).toBeGreaterThan(0);
    expect(receiver.values('process.thread.count')).toEqual({ herd: count });
    expect(receiver.values('process.unix.file_descriptor.count')['herd']).toBeGreaterThanOrEqual(3 * ours.length);
    expect(receiver.values('process.uptime')['herd']).toBeGreaterThanOrEqual(0);
    expect(Object.keys(receiver.values('process.cpu.time')).sort()).toEqual(['herd system', 'herd user']);
    end();
    await provider.shutdown();
  });

  it('has the names, units and attributes of the semantic conventions', async () => {
    const world = new World();
    world.start({ state: 'zombie' });
    await using receiver = new Receiver();
    const provider = providerTo(await receiver.listen());
    await using groups = groupProcesses(world.client());
    await groups.ready();
    exportToOpenTelemetry(groups, provider.getMeter('test'));
    await provider.forceFlush();
    await provider.shutdown();
    const known = new Set(
      Object.entries(conventions).flatMap(([key, value]) => (key.startsWith('METRIC_') ? [String(value)] : [])),
    );
    const { metrics } = receiver;
    expect(metrics.filter(({ name }) => !known.has(name)).map(({ name }) => name)).toEqual([
      'psutil_extra.process.file_descriptor.limit',
      'psutil_extra.process.file_descriptor.utilization',
      'psutil_extra.process.oom_score',
      'psutil_extra.process.deleted_executables',
    ]);
    // The conventions say these in words only.
    const units = Object.fromEntries(metrics.map(({ name, unit, sum }) => [name, [unit, sum?.isMonotonic ?? 'gauge']]));
    expect(units).toMatchObject({
      [conventions.METRIC_PROCESS_CPU_TIME]: ['s', true],
      [conventions.METRIC_PROCESS_MEMORY_USAGE]: ['By', false],
      [conventions.METRIC_PROCESS_MEMORY_VIRTUAL]: ['By', false],
      [conventions.METRIC_PROCESS_DISK_IO]: ['By', true],
      [conventions.METRIC_PROCESS_THREAD_COUNT]: ['{thread}', false],
      [conventions.METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT]: ['{file_descriptor}', false],
      [conventions.METRIC_PROCESS_CONTEXT_SWITCHES]: ['{context_switch}', true],
      [conventions.METRIC_PROCESS_PAGING_FAULTS]: ['{fault}', true],
      [conventions.METRIC_PROCESS_UPTIME]: ['s', 'gauge'],
      [conventions.METRIC_SYSTEM_PROCESS_COUNT]: ['{process}', false],
      [conventions.METRIC_SYSTEM_PROCESS_CREATED]: ['{process}', true],
    });
    const attributes = new Set(
      metrics.flatMap(({ sum, gauge }) =>
        [...(sum?.dataPoints ?? gauge?.dataPoints ?? [])].flatMap((point) => point.attributes.map(({ key }) => key)),
      ),
    );
    expect([...attributes].sort()).toEqual(
      [
        conventions.ATTR_CPU_MODE,
        conventions.ATTR_DISK_IO_DIRECTION,
        conventions.ATTR_PROCESS_CONTEXT_SWITCH_TYPE,
        conventions.ATTR_PROCESS_PAGING_FAULT_TYPE,
        conventions.ATTR_PROCESS_STATE,
        'psutil_extra.group',
      ].sort(),
    );
    expect(receiver.values('system.process.count')).toMatchObject({
      [`program ${conventions.PROCESS_STATE_VALUE_DEFUNCT}`]: 1,
    });
  });

  it('has as many attribute sets as there may be groups, however many names come and go, if no place is given back', async () => {
    const world = new World();
    await using receiver = new Receiver();
    const provider = providerTo(await receiver.listen());
    await using groups = groupProcesses(world.client(), { maxGroups: 5, forgetAfter: Infinity });
    await groups.ready();
    exportToOpenTelemetry(groups, provider.getMeter('test'));
    for (let batch = 0; batch < 50; batch++) {
      const jobs = Array.from({ length: 200 }, (_, at) => world.start({ name: `job-${batch * 200 + at}` }));
      await world.read(groups);
      await provider.forceFlush();
      for (const job of jobs) world.end(job);
    }
    await provider.shutdown();
    expect(Object.keys(receiver.values('process.thread.count'))).toHaveLength(6);
  });
});

function providerTo(url: string): MeterProvider {
  const exporter = new OTLPMetricExporter({ url, temporalityPreference: AggregationTemporality.CUMULATIVE });
  // Only what a test flushes is sent.
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  return new MeterProvider({ readers: [reader] });
}
