import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Prometheus, prometheus } from '@psutil-extra/example-server/prometheus';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { outcomeOf } from '../../cli-command.js';
import { codeIn, ROOT, snippet, tableOf } from '../../documents/markdown.js';
import { lacking } from '../../processes/abilities.js';
import { until } from '../../processes/until.js';
import { deployed } from './deployed.js';
import { type Exporter, exporter } from './exporter.js';

const README = 'packages/metrics/README.md';
const QUERIES = tableOf(README, ['you ask', 'PromQL']).map(([, cell = '']) => codeIn(cell).join());
const { code: CONFIG } = snippet(
  'packages/metrics/README.md: rule_files: [node_modules/@psutil-extra/metrics/deploy/rules.yaml]',
);

let served: Exporter | undefined;
let scraper: Prometheus;

beforeEach(({ skip }) => skip(...lacking.prometheus));

beforeAll(async () => {
  if (lacking.prometheus[0]) return;
  served = await exporter();
  scraper = await prometheus([served.url], 1, deployed('rules.yaml'));
});

afterAll(async () => {
  await scraper?.[Symbol.asyncDispose]();
  await served?.[Symbol.asyncDispose]();
});

describe('the README of metrics', () => {
  it('shows a configuration that Prometheus takes, with the alerts, in a folder where the package is installed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-configuration-'));
    try {
      await mkdir(join(folder, 'node_modules/@psutil-extra'), { recursive: true });
      await symlink(`${ROOT}packages/metrics`, join(folder, 'node_modules/@psutil-extra/metrics'));
      await writeFile(join(folder, 'prometheus.yml'), CONFIG);
      const { code, stdout } = await outcomeOf('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
      expect(stdout).toMatch(/SUCCESS: 7 rules found/);
      expect(code).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('asks about the job that is in the configuration', () => {
    const { scrape_configs: jobs } = parse(CONFIG) as { scrape_configs: { job_name: string }[] };
    expect(jobs).toHaveLength(1);
    expect(QUERIES).toContain(`up{job="${jobs[0]?.job_name}"} == 0`);
  });

  it.each(QUERIES.filter((query) => query.startsWith('topk')))('has an answer to %s', async (query) => {
    const found = await until('there are two readings', async () => {
      const samples = await scraper.query(query);
      return samples.length > 0 ? samples : undefined;
    });
    expect(found.length).toBeLessThanOrEqual(5);
  });

  it.each(QUERIES.filter((query) => !query.startsWith('topk')))(
    'may find nothing with %s, which is valid',
    async (query) => {
      expect(await scraper.query(query)).toBeInstanceOf(Array);
    },
  );
});
