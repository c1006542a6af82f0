import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '@psutil-extra/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Outcome, outcomeOf } from '../cli-command.js';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { snippet } from './markdown.js';

const refusal = loadAddon().refusalOfWalk();
const noBpf: [boolean, string] = [refusal !== null, `BPF is not available here: ${refusal?.about}`];
const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const SCAN = `import { createClient } from 'psutil-extra';
  const client = createClient({ threads: 1, source: 'bpf' });
  const table = await client.scan({ fields: ['umask'] }).catch((error) => error);
  console.log(table.source ?? table.message, process.getuid());
  await client.close();`;

/** A scan by BPF, by a program that this command becomes. */
function scan(wrapper: readonly string[], node = process.execPath): Promise<Outcome> {
  // With coverage, another user cannot write its coverage file.
  const env = { NODE_V8_COVERAGE: undefined };
  return outcomeOf('env', [...wrapper, node, '--input-type=module', '--eval', SCAN], env, FOLDER);
}

const BY_NOBODY = { code: 0, stdout: 'bpf 65534\n', stderr: '' };
const DENIED = { code: 0, stdout: expect.stringMatching(/^EPERM: .*CAP_BPF and CAP_PERFMON are missing/), stderr: '' };

describe('what docs/bpf.md grants', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'psutil-extra-monitor-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('to a copy of Node, the user nobody has, and not with the Node that was copied', async ({ skip }) => {
    skip(...noBpf);
    skip(...lacking.otherUser);
    skip(...lacking.fileCapabilities);
    const { code: script } = snippet('docs/bpf.md: cp "$(command -v node)" /opt/monitor/node');
    // `node` is the one that runs the tests, wherever that is.
    const path = `PATH='${join(process.execPath, '..')}':"$PATH"\n`;
    const { code, stderr } = await outcomeOf('sh', ['-ec', path + script.replaceAll('/opt/monitor', folder)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await outcomeOf('chmod', ['755', folder, `${folder}/node`]);
    expect(await scan(AS_NOBODY, `${folder}/node`)).toEqual(BY_NOBODY);
    expect(await scan(AS_NOBODY)).toEqual(DENIED);
  });

  describe('to a service', () => {
    const { code: unit } = snippet('docs/bpf.md: [Service]');
    const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]?.split(' ') ?? [];
    const capabilities = (name: string) => setting(name).map((each) => `+${each.replace('CAP_', '').toLowerCase()}`);

    it('works as another user, by its ambient capabilities and within its bounding set', async ({ skip }) => {
      skip(...noBpf);
      skip(...lacking.otherUser);
      const bounds = ['-all', ...capabilities('CapabilityBoundingSet')].join();
      const ambient = capabilities('AmbientCapabilities').join();
      const service = [...AS_NOBODY, `--bounding-set=${bounds}`];
      expect(await scan([...service, `--inh-caps=${ambient}`, `--ambient-caps=${ambient}`])).toEqual(BY_NOBODY);
      expect(await scan(service)).toEqual(DENIED);
    });

    it('allows every system call that it makes', async ({ skip }) => {
      skip(...noBpf);
      skip(...lacking.strace);
      skip(...lacking.systemdAnalyze);
      const allowed = await systemCalls(setting('SystemCallFilter'));
      const trace = join(folder, 'trace');
      const traced = await scan(['strace', '--follow-forks', '--quiet=all', '-o', trace]);
      expect(traced).toMatchObject({ code: 0, stdout: `bpf ${process.getuid?.()}\n` });
      const made = new Set(readFileSync(trace, 'utf8').match(/(?<=^\d+ +)\w+(?=\()/gm));
      expect(made).toContain('bpf');
      expect([...made].filter((call) => !allowed.has(call))).toEqual([]);
      // The calls that are named besides the group are not in it.
      expect(await systemCalls(['@system-service'])).not.toContain('bpf');
    });

    it('is a unit that systemd reads without complaint', async ({ skip }) => {
      skip(...lacking.systemdAnalyze);
      const file = join(folder, 'monitor.service');
      await outcomeOf('sh', [
        '-c',
        'printf "%s\\nExecStart=%s\\n" "$1" "$2" >"$0"',
        file,
        unit.trim(),
        process.execPath,
      ]);
      const { stdout, stderr } = await outcomeOf('systemd-analyze', ['verify', '--man=no', file]);
      expect((stdout + stderr).split('\n').filter((line) => line.includes(file))).toEqual([]);
    });
  });

  it('to a container works as its root, and not as another user', async ({ skip }) => {
    skip(...noBpf);
    skip(...lacking.otherUser);
    const { securityContext }: { securityContext: { capabilities: Record<'drop' | 'add', string[]> } } = parse(
      snippet('docs/bpf.md: securityContext:').code,
    );
    const { drop, add } = securityContext.capabilities;
    expect(drop).toEqual(['ALL']);
    const container = ['setpriv', `--bounding-set=-all,${add.map((each) => `+${each.toLowerCase()}`).join()}`];
    expect(await scan([...container, '--inh-caps=-all'])).toEqual({ ...BY_NOBODY, stdout: 'bpf 0\n' });
    expect(await scan([...container, ...AS_NOBODY.slice(1)])).toEqual(DENIED);
  });
});

/** The calls of a filter, with those of the groups in it, as systemd itself lists them. */
async function systemCalls(filter: readonly string[]): Promise<Set<string>> {
  const calls = new Set<string>();
  for (const name of filter) {
    if (!name.startsWith('@')) calls.add(name);
    else {
      const { stdout } = await outcomeOf('systemd-analyze', ['syscall-filter', '--no-pager', name]);
      const members = Array.from(stdout.matchAll(/^ +([@\w-]+)$/gm), ([, member = '']) => member);
      for (const call of await systemCalls(members)) calls.add(call);
    }
  }
  return calls;
}
