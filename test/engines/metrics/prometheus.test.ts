import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Prometheus, prometheus, type Sample } from '@psutil-extra/example-server/prometheus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { named, withZombie } from '../../cli-child.js';
import { lacking } from '../../processes/abilities.js';
import { Herd } from '../../processes/sleeper.js';
import { until } from '../../processes/until.js';
import { deployed } from './deployed.js';
import { type Exporter, exporter, OWN_GROUPS } from './exporter.js';
import { cpuSeconds, descriptors, everyPid, memory, pidsOf, softLimit, voluntarySwitches } from './proc.js';

let exporters: Exporter[] = [];
let scraper: Prometheus;
let herd: Herd;

beforeEach(({ skip }) => skip(...lacking.prometheus));

beforeAll(async () => {
  if (lacking.prometheus[0]) return;
  herd = await Herd.of(5);
  exporters = await Promise.all([
    exporter(OWN_GROUPS),
    exporter(['--group-by', 'user']),
    // Through another path, as in a container: read by files alone.
    exporter([...OWN_GROUPS, '--proc-root', '/proc/self/root/proc']),
  ]);
  scraper = await prometheus(
    exporters.map(({ url }) => url),
    2,
    deployed('rules.yaml'),
  );
});

afterAll(async () => {
  await scraper?.[Symbol.asyncDispose]();
  for (const each of exporters) await each[Symbol.asyncDispose]();
  herd?.[Symbol.dispose]();
});

/** The answer of an instant query, as soon as there is one for every exporter that it is about. */
function answer(expression: string, number: number): Promise<Sample[]> {
  return until(`${number} answers to ${expression}`, async () => {
    const samples = await scraper.query(expression);
    return samples.length === number ? samples : undefined;
  });
}

/** The value of a group, of the first and of the third exporter, as soon as both have the expected one. */
async function agrees(expression: string, matches: (value: number) => boolean): Promise<void> {
  let last: unknown;
  await until(`${expression} is as expected`, async () => {
    const samples = await scraper.query(expression);
    last = samples;
    return samples.length === 2 && samples.every(({ value }) => matches(value));
  }).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`, { cause: error });
  });
}

describe('a Prometheus that scrapes three exporters', () => {
  it('finds all of them up', async () => {
    await answer('up == 1', 3);
    await answer('process_group_sample_timestamp_seconds > time() - 10', 3);
  });

  it('answers how many processes there are, by name, as /proc says', async () => {
    await agrees(
      'sum by (instance) (process_group_processes{group="sleep"})',
      (value) => value === pidsOf('sleep').length,
    );
  });

  it.each([
    ['process_group_memory_usage_bytes{group="sleep"}', (value: number) => Math.abs(value - memory('sleep')) < 2 ** 20],
    ['process_group_open_file_descriptors{group="sleep"}', (value: number) => value === descriptors('sleep')],
    ['process_group_file_descriptor_soft_limit{group="sleep"}', (value: number) => value === softLimit('sleep')],
    [
      'process_group_context_switches_total{group="sleep", context_switch_type="voluntary"}',
      // Of those that have ended too.
      (value: number) => value >= voluntarySwitches('sleep'),
    ],
  ])('answers %s as /proc says', async (query, matches) => {
    await agrees(query, matches);
  });

  it('answers by user, and all users together have all processes', async () => {
    const [, byUser] = exporters;
    const instance = new URL((byUser as Exporter).url).host;
    // Processes of other programs begin and end meanwhile.
    await until('all users together have all processes', async () => {
      const [all] = await scraper.query(`sum (process_group_processes{instance="${instance}"})`);
      const there = everyPid().length;
      return all !== undefined && Math.abs(all.value - there) < there / 4;
    });
    expect(await scraper.query(`process_group_threads{instance="${instance}", group="root"} > 0`)).toHaveLength(1);
  });

  it('sees processor time, and keeps it when the process that used it has ended', async () => {
    // A process has the name of the file that it executes.
    const name = `burn${process.pid}`;
    const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-burner-'));
    await symlink('/bin/sh', join(folder, name));
    const burner = spawn(join(folder, name), ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    const query = 'sum by (instance) (process_group_cpu_time_seconds_total{group="burner"})';
    await agrees(query, (value) => value > 0.1);
    await rm(folder, { recursive: true });
    const used = cpuSeconds(burner.pid as number);
    const ended = once(burner, 'exit');
    burner.kill('SIGKILL');
    await ended;
    await agrees('sum by (instance) (process_group_processes{group="burner"})', (value) => value === 0);
    // Up to the last reading, and never more than it has used.
    const left = await answer(query, 2);
    for (const { value } of left) expect(value).toBeGreaterThan(0.1);
    for (const { value } of left) expect(value).toBeLessThan(used + 5);
  });

  it('sees zombies, and what begins', async () => {
    await using _ = await withZombie();
    // The process of its parent is not called so any more, and it itself has no other program.
    await agrees('sum by (instance) (process_group_processes{state="zombie", group="sh"})', (value) => value >= 1);
    await using begun = await named(`begin${process.pid}`);
    await agrees('process_group_starts_total{group="begun"}', (value) => value === 1);
    expect(pidsOf(`begin${process.pid}`)).toEqual([begun.pid]);
  });

  it('has loaded the rules for alerts, and none has an error', async () => {
    const rules = await until('all rules have been evaluated', async () => {
      const response = await fetch(`${scraper.url}/api/v1/rules`);
      const { data } = (await response.json()) as Rules;
      const found = data.groups.flatMap((group) => group.rules);
      return found.every(({ health }) => health !== 'unknown') ? found : undefined;
    });
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules).toHaveLength(7);
  });
});

describe('promtool', () => {
  it('has nothing to say about the metrics', async () => {
    const [first] = exporters;
    const body = await (await fetch(`${(first as Exporter).url}/metrics`)).text();
    expect(await promtool(['check', 'metrics'], body)).toEqual({ code: 0, output: '' });
  });

  it.each([
    [['check', 'rules', deployed('rules.yaml')], /SUCCESS: 7 rules found/],
    [['test', 'rules', deployed('rules.test.yaml')], /SUCCESS/],
  ])('%j succeeds', async (args, message) => {
    const { code, output } = await promtool(args);
    expect(output).toMatch(message);
    expect(code).toBe(0);
  });
});

interface Rules {
  readonly data: { readonly groups: readonly { readonly rules: readonly { name: string; health: string }[] }[] };
}

async function promtool(args: readonly string[], input = '') {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, output: out + err };
}
