import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ChildServer, childServer } from '@psutil-extra/example-server/child-server';
import { type Prometheus, prometheus, RULES, type Sample } from '@psutil-extra/example-server/prometheus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Child, shell } from '../../cli-child.js';
import { lacking } from '../../processes/abilities.js';
import { until } from '../../processes/until.js';

let fleet: ChildServer[] = [];
let scraper: Prometheus;
let odd: Child;

describe('three servers under one Prometheus', () => {
  beforeEach(({ skip }) => skip(...lacking.prometheus));

  beforeAll(async () => {
    if (lacking.prometheus[0]) return;
    odd = await shell("trap '' TERM; umask 000");
    fleet = await Promise.all([1, 2, 3].map(() => childServer()));
    scraper = await prometheus(
      fleet.map(({ url }) => url),
      1,
    );
  });

  afterAll(async () => {
    await scraper?.[Symbol.asyncDispose]();
    await Promise.all(fleet.map((server) => server[Symbol.asyncDispose]()));
    await odd?.[Symbol.asyncDispose]();
  });

  it('are all up', async () => {
    const up = await ofEach('up == 1');
    expect(new Set(up.map(({ labels }) => labels['instance']))).toEqual(
      new Set(fleet.map(({ url }) => new URL(url).host)),
    );
  });

  it('count processes by state, and agree, because they are on one machine', async () => {
    const sums = (await ofEach('sum by (instance) (psutil_processes)')).map(({ value }) => value);
    for (const sum of sums) expect(sum).toBeGreaterThanOrEqual(5);
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThan(Math.max(...sums) / 2);
  });

  it('name processes that ignore SIGTERM', async () => {
    const ignoring = await ofEach('psutil_processes_ignoring_sigterm{name="sh"}');
    for (const { value } of ignoring) expect(value).toBeGreaterThanOrEqual(1);
  });

  it('count processes with umask 000', async () => {
    for (const { value } of await ofEach('psutil_processes_umask_000')) expect(value).toBeGreaterThanOrEqual(1);
  });

  it('report what a scan takes, what it reads by, and what their clients have done', async () => {
    const took = await ofEach('psutil_scan_duration_seconds_sum / psutil_scan_duration_seconds_count');
    for (const { value } of took) expect(value).toBeGreaterThan(0);
    expect(await ofEach('psutil_scan_source == 1')).toHaveLength(3);
    for (const { value } of await ofEach('psutil_client_calls_total')) expect(value).toBeGreaterThanOrEqual(1);
  });

  it('have rules that alert', async () => {
    const alerts = await ofEach('ALERTS{alertname="ProcessWritesForAnybody"}');
    expect(alerts.map(({ labels }) => labels['alertstate'])).toEqual(['pending', 'pending', 'pending']);
    expect(await ofEach('instance:psutil_processes:sum')).toHaveLength(3);
  });

  it('notice a process that comes near its limit of open files', async () => {
    const before = await ofEach('psutil_processes_near_limit{resource="RLIMIT_NOFILE"}');
    const least = Math.min(...before.map(({ value }) => value));
    // The shell's own three, and five more, of ten.
    const near = await shell('ulimit -n 10; exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null');
    const after = await ofEach(`psutil_processes_near_limit{resource="RLIMIT_NOFILE"} > ${least}`);
    await near[Symbol.asyncDispose]();
    expect(after).toHaveLength(3);
  });
});

describe('the files for a Prometheus of one’s own', () => {
  beforeEach(({ skip }) => skip(...lacking.prometheus));

  it('have rules that promtool accepts', async () => {
    expect((await promisify(execFile)('promtool', ['check', 'rules', RULES])).stdout).toContain('SUCCESS: 5 rules');
  });

  it('have a configuration that promtool accepts', async () => {
    const config = fileURLToPath(new URL('../../../examples/server/prometheus/prometheus.yml', import.meta.url));
    expect((await promisify(execFile)('promtool', ['check', 'config', config])).stdout).toContain('is valid');
  });
});

/** The samples of a query, once each server has given one. */
function ofEach(expression: string): Promise<Sample[]> {
  return until(`each of three servers is in ${expression}`, async () => {
    const samples = await scraper.query(expression);
    return samples.length === 3 ? samples : undefined;
  });
}
