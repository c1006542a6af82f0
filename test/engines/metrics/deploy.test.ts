import { readFileSync } from 'node:fs';
import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMAND, outcomeOf } from '../../cli-command.js';
import { container } from '../../documents/container.js';
import { lacking } from '../../processes/abilities.js';
import { Herd } from '../../processes/sleeper.js';
import { Spawned } from '../../processes/spawned.js';
import { until } from '../../processes/until.js';
import { deployed } from './deployed.js';
import { exporter, OWN_GROUPS, started } from './exporter.js';

const GRANTED = 'CAP_SYS_PTRACE CAP_DAC_READ_SEARCH';
/** Their bits. */
const GRANTED_SET = (1n << 19n) | (1n << 2n);
/** The user `nobody`. */
const OTHER_USER = '65534';

describe('the unit for systemd', () => {
  beforeEach(({ skip }) => skip(...lacking.namespaces));

  const unit = readFileSync(deployed('psutil-extra-metrics.service'), 'utf8');
  const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];

  it('is valid, and exposes little, as systemd sees it', async ({ skip }) => {
    const { code } = await outcomeOf('sh', ['-c', 'command -v systemd-analyze']);
    skip(code !== 0, 'systemd-analyze is not here: apt-get install --no-install-recommends systemd');
    const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-unit-'));
    const file = join(folder, 'psutil-extra-metrics.service');
    // A command that is there: the path is the only thing that depends on the machine.
    await writeFile(file, unit.replace('/usr/local/bin/psutil-extra', '/bin/true'));
    const verified = await outcomeOf('systemd-analyze', ['verify', file]);
    const security = await outcomeOf('systemd-analyze', ['security', '--offline=true', '--no-pager', file]);
    await rm(folder, { recursive: true });
    expect(verified).toEqual({ code: 0, stdout: '', stderr: '' });
    const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(security.stdout) ?? [];
    expect(Number(exposure)).toBeLessThan(2.5);
  });

  it('lets the command read everything, run with what it grants', async () => {
    expect(setting('AmbientCapabilities')).toBe(GRANTED);
    expect(setting('CapabilityBoundingSet')).toBe(GRANTED);
    expect(setting('NoNewPrivileges')).toBe('yes');
    using _ = await Herd.of(2);
    await using granted = await exporter(OWN_GROUPS, confinedTo('+sys_ptrace,+dac_read_search'));
    const status = readFileSync(`/proc/${granted.pid}/status`, 'latin1');
    for (const set of ['CapEff', 'CapBnd', 'CapAmb']) {
      expect(BigInt(`0x${new RegExp(`^${set}:\\s*(\\w+)$`, 'm').exec(status)?.[1]}`)).toBe(GRANTED_SET);
    }
    const text = await (await fetch(`${granted.url}/metrics`)).text();
    expect(text).toMatch(/^process_group_disk_io_bytes_total\{group="sleep",disk_io_direction="read"\} \d+$/m);
    expect(text).toMatch(/^process_group_deleted_executables\{group="sleep"\} 0$/m);
  });

  it('lacks disk I/O of others without the capabilities, says so, and has all else', async () => {
    using _ = await Herd.of(2);
    await using granted = await exporter(OWN_GROUPS, confinedTo(''));
    const text = await (await fetch(`${granted.url}/metrics`)).text();
    expect(text).not.toMatch(/^process_group_disk_io_bytes_total\{group="sleep"/m);
    expect(text).toMatch(/^process_group_memory_usage_bytes\{group="sleep"\} [1-9]\d*$/m);
    expect(text).toMatch(/^process_group_file_descriptor_soft_limit\{group="sleep"\} \d+$/m);
    expect(text).toMatch(/^process_group_unread_disk_io_processes [1-9]\d*$/m);
  });
});

describe('the manifest for Kubernetes', () => {
  beforeEach(({ skip }) => skip(...lacking.namespaces));

  it('lets the command see the whole node, run as in that container', async () => {
    const manifest = parse(readFileSync(deployed('kubernetes.yaml'), 'utf8')) as {
      spec: { template: { spec: { containers: { args: string[] }[] } } };
    };
    const args = manifest.spec.template.spec.containers[0]?.args ?? [];
    using herd = await Herd.of(3);
    const [address = '', port = ''] = (args[args.indexOf('--metrics') + 1] ?? '').split(':');
    expect([address, port]).toEqual(['0.0.0.0', '9256']);
    const serve = args.join(' ').replace('0.0.0.0:9256', '0').replace('--group-by container', OWN_GROUPS.join(' '));
    const { unshare, root } = container(
      [{ from: '/proc', at: '/host/proc' }],
      [process.execPath, COMMAND, 'serve', ...serve.split(' ')],
      '/',
      without('-all'),
    );
    const spawned = new Spawned(['unshare', ...unshare], { stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const served = await started(spawned);
      expect(args).toContain('/host/proc');
      const count = await until('it sees the processes of the node', async () => {
        const text = await (await fetch(`${served.url}/metrics`)).text();
        return /^process_group_processes\{group="sleep",state="sleeping"\} (\d+)$/m.exec(text)?.[1];
      });
      expect(Number(count)).toBeGreaterThanOrEqual(herd.pids.length);
      expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    } finally {
      // unshare passes no signal on, and the change of the user has cleared what ends its child with it.
      const children = readFileSync(`/proc/${spawned.pid}/task/${spawned.pid}/children`, 'utf8');
      for (const pid of children.split(' ').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
      await spawned.end();
      await until('its mounts have gone', () =>
        rmdir(root).then(
          () => true,
          () => false,
        ),
      );
    }
  });
});

/** As the unit: another user without anything but these capabilities, on a system that is read-only. */
function confinedTo(capability: string): string[] {
  const readOnly = 'mount -o remount,bind,ro / && exec "$@"';
  const rights = without(capability === '' ? '-all' : `-all,${capability}`);
  return ['unshare', '--mount', 'sh', '-c', readOnly, 'sh', ...rights];
}

/** Another user, with these capabilities and no others, and no way to more. */
function without(sets: string): string[] {
  const user = [`--reuid=${OTHER_USER}`, `--regid=${OTHER_USER}`, '--clear-groups'];
  const capabilities = [`--inh-caps=${sets}`, `--bounding-set=${sets}`, `--ambient-caps=${sets}`];
  return ['setpriv', ...user, ...capabilities, '--no-new-privs'];
}
