import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shell } from '../cli-child.js';
import { lacking } from '../processes/abilities.js';
import { startTicks } from '../processes/proc.js';
import { inContainer } from './container.js';
import { snippet, snippetsOf } from './markdown.js';
import { SnippetFolder } from './snippet-folder.js';

/** What is looked at in the manifest. */
interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly hostPID?: boolean;
        readonly containers: readonly {
          readonly image: string;
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly securityContext: {
            readonly readOnlyRootFilesystem: boolean;
            readonly allowPrivilegeEscalation: boolean;
          };
          readonly volumeMounts: readonly {
            readonly name: string;
            readonly mountPath: string;
            readonly readOnly: boolean;
          }[];
        }[];
        readonly volumes: readonly {
          readonly name: string;
          readonly hostPath: { readonly path: string; readonly type: string };
        }[];
      };
    };
  };
}

const yaml = snippet('site/pages/recipes/kubernetes.md: apiVersion: apps/v1');
const program = snippetsOf(yaml.file).find(({ language }) => language === 'js') ?? yaml;

describe('the manifest of the sidecar', () => {
  const { kind, spec }: Manifest = parse(yaml.code, { strict: true, uniqueKeys: true });
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const [mount] = container?.volumeMounts ?? [];
  const [volume] = pod.volumes;
  let folder: SnippetFolder;

  beforeAll(async () => {
    folder = await SnippetFolder.make();
    await folder.write('program.mjs', program.code);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("is of one pod a node, which mounts the node's /proc to be read, and nothing else of it", () => {
    expect(kind).toBe('DaemonSet');
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(pod.containers).toHaveLength(1);
    expect(pod.volumes).toEqual([{ name: mount?.name, hostPath: { path: '/proc', type: 'Directory' } }]);
    expect(container?.volumeMounts).toEqual([{ name: volume?.name, mountPath: mount?.mountPath, readOnly: true }]);
    expect(pod.hostPID).toBeUndefined();
    expect(container?.securityContext).toEqual({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
  });

  it('gives the program that path, in the variable that it reads', () => {
    const [, variable] = /process\.env\.(\w+)/.exec(program.code) ?? [];
    expect(container?.env).toEqual([{ name: variable, value: mount?.mountPath }]);
  });

  it('lets the program report the whole node, run as in such a container', async ({ skip }) => {
    skip(...lacking.namespaces);
    await using _ = await shell('umask 000');
    const at = String(mount?.mountPath);
    const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
    const run = (variables: Record<string, string>) =>
      inContainer([{ from: '/proc', at }], [process.execPath, 'program.mjs'], variables, folder.path);
    const before = processesHere();
    const { code, stdout, stderr } = await run(env);
    const after = new Set(processesHere());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, processes, writable] = /^(\d+) processes, (\d+) with umask 000\n$/.exec(stdout) ?? [];
    // Hundreds of other processes begin and end meanwhile.
    expect(Number(processes)).toBeGreaterThanOrEqual(before.filter((process) => after.has(process)).length);
    expect(Number(writable)).toBeGreaterThan(0);
    // Without the variable it is the container's own /proc, which has this process alone.
    expect((await run({ [Object.keys(env)[0] ?? '']: '/proc' })).stdout).toBe('1 processes, 0 with umask 000\n');
  });
});

/** Each by its PID and its start: a PID may be given out again at once. */
function processesHere(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => `${pid} ${startTicks(Number(pid))}`).filter((process) => !process.endsWith('NaN'));
}
