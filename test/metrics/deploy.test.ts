import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportToPrometheus, groupProcesses, parseConfig } from '../../packages/metrics/dist/index.js';
import { World } from './world.js';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../packages/metrics/deploy/${name}`, import.meta.url)), 'utf8');

/** The names and labels of a scrape in which everything could be read. */
async function scraped() {
  const world = new World();
  world.start();
  await using groups = groupProcesses(world.client());
  await groups.ready();
  const text = await exportToPrometheus(groups).metrics();
  return {
    names: new Set(Array.from(text.matchAll(/^(\w+)[{ ]/gm), ([, name = '']) => name)),
    labels: new Set(Array.from(text.matchAll(/[{,](\w+)="/g), ([, name = '']) => name)),
  };
}

/** What a query asks for. */
function askedIn(queries: readonly string[]) {
  const all = queries.join('\n');
  return {
    names: [...new Set(Array.from(all.matchAll(/\bprocess_group\w*/g), ([name]) => name))],
    labels: [...new Set(Array.from(all.matchAll(/[{,]\s*(\w+)\s*=~?"/g), ([, name = '']) => name))],
  };
}

describe('the dashboard for Grafana', () => {
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
    readonly panels: readonly {
      readonly id: number;
      readonly title: string;
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
      readonly targets: readonly { readonly expr: string }[];
    }[];
    readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  };
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  it('asks for metrics and labels that a scrape has, and for every metric of a group', async () => {
    const { names, labels } = await scraped();
    const variables = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
    const asked = askedIn([...queries, ...variables]);
    expect(asked.names.filter((name) => !names.has(name))).toEqual([]);
    expect(asked.labels.filter((name) => !labels.has(name) && name !== 'instance')).toEqual([]);
    const unasked = [...names].filter((name) => name.startsWith('process_group_') && !asked.names.includes(name));
    expect(unasked.sort()).toEqual(['process_group_sample_failures_total', 'process_group_unread_disk_io_processes']);
  });

  it('uses only variables that it has', () => {
    const known = new Set([...dashboard.templating.list.map(({ name }) => name), '__rate_interval']);
    const used = queries.flatMap((query) => Array.from(query.matchAll(/\$\{?(\w+)/g), ([, name = '']) => name));
    expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('has panels with ids of their own, which do not overlap', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('the rules for alerts', () => {
  it('ask for metrics and labels that a scrape has', async () => {
    const { names, labels } = await scraped();
    const { groups } = parse(read('rules.yaml'), { strict: true, uniqueKeys: true }) as {
      groups: { rules: { expr: string }[] }[];
    };
    const asked = askedIn(groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)));
    expect(asked.names.filter((name) => !names.has(name))).toEqual([]);
    expect(asked.labels.filter((name) => !labels.has(name))).toEqual([]);
  });
});

describe('the example of a file of options', () => {
  it('is valid', () => {
    expect(parseConfig(read('groups.json'), 'groups.json')).toMatchObject({ maxGroups: 100 });
  });
});

describe('the manifest for Kubernetes', () => {
  const { spec } = parse(read('kubernetes.yaml'), { strict: true, uniqueKeys: true }) as {
    spec: {
      selector: { matchLabels: object };
      template: { metadata: { labels: object }; spec: PodSpec };
    };
  };
  const pod = spec.template.spec;

  it('has of the node its /proc alone, read-only, and no right besides', () => {
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(pod.volumes).toEqual([{ name: 'proc', hostPath: { path: '/proc', type: 'Directory' } }]);
    const [container, ...others] = pod.containers;
    expect(others).toEqual([]);
    expect(container?.volumeMounts).toEqual([{ name: 'proc', mountPath: '/host/proc', readOnly: true }]);
    expect(container?.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const name of ['hostPID', 'hostNetwork', 'hostIPC', 'serviceAccountName'])
      expect(pod).not.toHaveProperty(name);
  });

  it('scrapes and probes the port that the command serves', () => {
    const [container] = pod.containers;
    expect(container?.args).toEqual(expect.arrayContaining(['--metrics', '0.0.0.0:9256', '--proc-root', '/host/proc']));
    expect(container?.ports).toEqual([{ name: 'metrics', containerPort: 9256 }]);
  });
});

interface PodSpec {
  readonly volumes: readonly object[];
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly ports: readonly object[];
    readonly volumeMounts: readonly object[];
    readonly securityContext: object;
  }[];
}
