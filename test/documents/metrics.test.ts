import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMON_SECRETS, exportToPrometheus, groupProcesses, parseConfig } from '../../packages/metrics/dist/index.js';
import { MEASUREMENTS, SERIES_PER_GROUP } from '../../packages/metrics/dist/measurements.js';
import { readGroupOptions } from '../../packages/metrics/dist/options.js';
import { COMMAND } from '../cli-command.js';
import { World } from '../metrics/world.js';
import { Spawned } from '../processes/spawned.js';
import { until } from '../processes/until.js';
import { codeIn, commandsIn, ROOT, read, snippet, snippetsOf, tableOf } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

const README = 'packages/metrics/README.md';
const GROUPS = `${ROOT}packages/metrics/deploy/groups.json`;

describe('the README of metrics', () => {
  let folder: SnippetFolder;

  beforeAll(async () => {
    folder = await SnippetFolder.make();
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('shows series that a scrape has', async () => {
    const shown = snippet('packages/metrics/README.md: process_group_processes{group="nginx",state="sleeping"} 5');
    const world = new World();
    world.start({ name: 'nginx' });
    await using groups = groupProcesses(world.client());
    await groups.ready();
    const text = await exportToPrometheus(groups).metrics();
    for (const line of commandsIn(shown.code)) expect(text).toContain(`\n${line.slice(0, line.lastIndexOf(' '))} `);
  });

  it('shows what its program prints: five groups, the largest first', async () => {
    const shown = snippet('packages/metrics/README.md: 1463 MB node');
    const program = snippetsOf(README).find(({ language }) => language === 'js');
    const { stdout } = await folder.run(program ?? shown);
    for (const output of [shown.code, stdout]) {
      const sizes = Array.from(output.matchAll(/^ *(\d+) MB \S.*$/gm), ([, size]) => Number(size));
      expect(sizes.length).toBeGreaterThan(0);
      expect(sizes).toHaveLength(output.trimEnd().split('\n').length);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    }
  });

  it('names every metric, for Prometheus and for OpenTelemetry', () => {
    const rows = tableOf(README, ['Prometheus, `process_group_…`', 'OpenTelemetry', 'is']);
    const named = rows.map(([prometheus = '', there = '']) => [codeIn(prometheus)[0], codeIn(there)[0]]);
    const all = MEASUREMENTS.map(({ prometheus, openTelemetry, by }) => [
      prometheus.replace('process_group_', '') + (by === undefined ? '' : `{${by.prometheus}}`),
      openTelemetry,
    ]);
    expect(named).toEqual(all);
  });

  it('shows rules as a file, which are those of its program', () => {
    const { code } = snippet('packages/metrics/README.md: {');
    const { groupBy, redact } = parseConfig(code, 'groups.json');
    const program = snippetsOf(README).find((each) => each.code.includes("group: 'database'"));
    const [rules = ''] = /(?<=groupBy: )\[.*?\n {2}\]/s.exec(program?.code ?? '') ?? [];
    // The rules of a program are written as its language has them.
    expect(groupBy).toEqual(runInThisContext(rules));
    expect(redact).toEqual(expect.arrayContaining([...COMMON_SECRETS]));
  });

  it('has the defaults of options, and the number of series that follows', () => {
    const { maxGroups, maxNameLength, forgetAfter, interval, slowInterval, include } = readGroupOptions();
    const rows = Object.fromEntries(
      tableOf(README, ['option', 'default', 'is']).map(([name = '', value = '', is = '']) => [
        codeIn(name)[0],
        { value, is },
      ]),
    );
    const numbers = { maxGroups, maxNameLength, forgetAfter, interval, slowInterval };
    for (const [name, number] of Object.entries(numbers)) expect(rows[name]?.value).toBe(number.toLocaleString('en'));
    expect(codeIn(rows['include']?.is ?? '')).toEqual(include);
    const bound = `\`${SERIES_PER_GROUP} × (maxGroups + 1) + 5\` series: ${(SERIES_PER_GROUP * (maxGroups + 1) + 5).toLocaleString('en')}`;
    expect(read(README)).toContain(bound);
    expect(read(README)).toContain(`has ${SERIES_PER_GROUP} numbers of each group`);
  });
});

describe('the commands in docs/command.md that serve', () => {
  const lines = commandsIn(snippet('docs/command.md: psutil-extra serve --metrics 9256').code);

  it('have a file of options that is the example of the package', () => {
    expect(lines.at(-1)).toContain('--config groups.json');
    expect(JSON.parse(readFileSync(GROUPS, 'utf8'))).toHaveProperty('groupBy');
  });

  it.each(lines)('%s serves until it gets SIGTERM', async (line) => {
    // On this machine, on a port that is free.
    const args = line
      .replace(/--metrics (?:[\d.]+:)?\d+/, '--metrics 0')
      .replace('groups.json', GROUPS)
      .split(' ')
      .slice(1);
    const spawned = new Spawned([process.execPath, COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    using _ = spawned;
    let said = '';
    spawned.child.stderr?.on('data', (data) => {
      said += data;
    });
    const url = await until('it serves', () => {
      if (!spawned.running) throw new Error(said);
      return /^metrics on (\S+)$/m.exec(said)?.[1];
    });
    expect(await (await fetch(url)).text()).toContain('process_group_processes{');
    spawned.child.kill('SIGTERM');
    await until('it has ended', () => !spawned.running);
    expect(spawned.child.exitCode).toBe(0);
  });
});
