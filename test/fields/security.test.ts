import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { type Capabilities, createClient } from 'psutil-extra';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { lacking } from '../processes/abilities.js';
import { Compiled } from '../processes/compiled.js';
import { statOf, statusLine } from '../processes/proc.js';
import { Python } from '../processes/python.js';
import { RecordedRoot, recorded } from '../processes/recorded-root.js';
import { sleeper } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const client = createClient({ threads: 1 });
afterAll(() => client.close());

describe('capabilities', () => {
  const LINES = {
    effective: 'CapEff',
    permitted: 'CapPrm',
    inheritable: 'CapInh',
    bounding: 'CapBnd',
    ambient: 'CapAmb',
  };

  test.for([
    ['one that all were left to', []],
    ['one without any', ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--']],
    [
      'another user’s with an ambient one',
      ['setpriv', '--reuid=65534', '--clear-groups', '--inh-caps=+net_admin,+sys_ptrace', '--ambient-caps=+net_admin'],
    ],
    ['one with a smaller bound', ['setpriv', '--bounding-set=-sys_admin,-chown']],
  ] as const)('of %s are the masks of status', async ([, wrapper], { skip }) => {
    skip(...lacking.root);
    using asleep = await sleeper(wrapper);
    const capabilities = await client.capabilities(asleep.pid);
    for (const [set, line] of Object.entries(LINES)) {
      expect(capabilities[set as keyof Capabilities].mask, set).toBe(BigInt(`0x${statusLine(asleep.pid, line)}`));
    }
  });

  test('have the names that getpcaps prints', async ({ skip }) => {
    skip(...lacking.root);
    skip(...lacking.getpcaps);
    using asleep = await sleeper([
      'setpriv',
      '--reuid=65534',
      '--clear-groups',
      '--inh-caps=+net_admin,+bpf',
      '--ambient-caps=+net_admin,+bpf',
    ]);
    const { effective, permitted } = await client.capabilities(asleep.pid);
    const printed = execFileSync('getpcaps', [String(asleep.pid)], { encoding: 'utf8' });
    expect(printed).toContain(`${effective.names().join(',').toLowerCase()}=eip`);
    expect(effective.names()).toEqual(['CAP_NET_ADMIN', 'CAP_BPF']);
    expect(permitted).toEqual(effective);
  });
});

test.each(['strict', 'filter'] as const)('seccomp is %s where the process made it so', async (mode) => {
  using confined = new Compiled('confined.c', [mode]);
  expect(await confined.line()).toBe('confined');
  expect(statusLine(confined.pid, 'Seccomp')).toBe(mode === 'strict' ? '1' : '2');
  expect(await client.seccomp(confined.pid)).toBe(mode);
  expect(await client.noNewPrivs(confined.pid)).toBe(mode === 'filter');
});

test('seccomp is disabled and noNewPrivs false where status says so, until a process renounces them', async () => {
  using python = await Python.start();
  expect(await client.seccomp(python.pid)).toBe(
    ['disabled', 'strict', 'filter'][Number(statusLine(python.pid, 'Seccomp'))],
  );
  expect(await client.noNewPrivs(python.pid)).toBe(statusLine(python.pid, 'NoNewPrivs') === '1');
  const PR_SET_NO_NEW_PRIVS = 38;
  await python.run(`libc.prctl(${PR_SET_NO_NEW_PRIVS}, 1, 0, 0, 0)`);
  expect(await client.noNewPrivs(python.pid)).toBe(true);
});

describe('namespaces', () => {
  const KINDS = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];

  /** As the links in `/proc/PID/ns` have them. */
  function linked(pid: number): Record<string, number> {
    const links = readdirSync(`/proc/${pid}/ns`).filter((name) => KINDS.includes(name));
    return Object.fromEntries(
      links.map((name) => [name, Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[0])]),
    );
  }

  test('are the links of ns, and the inodes behind them', async () => {
    using asleep = await sleeper();
    const namespaces = await client.namespaces(asleep.pid);
    expect(namespaces).toEqual(linked(asleep.pid));
    expect(namespaces.net).toBe(statSync(`/proc/${asleep.pid}/ns/net`).ino);
  });

  test('of a process that has its own differ in those alone', async ({ skip }) => {
    skip(...lacking.namespaces);
    using asleep = await sleeper(['unshare', '--uts', '--ipc', '--net', '--mount', '--cgroup']);
    const theirs = await client.namespaces(asleep.pid);
    const ours = await client.namespaces(process.pid);
    expect(theirs).toEqual(linked(asleep.pid));
    const differing = KINDS.filter((kind) => theirs[kind as 'net'] !== ours[kind as 'net']);
    expect(differing).toEqual(['cgroup', 'ipc', 'mnt', 'net', 'uts']);
  });

  test('are those that lsns prints', async ({ skip }) => {
    skip(...lacking.namespaces);
    using asleep = await sleeper(['unshare', '--uts', '--net']);
    // lsns fails where another process ends while it reads that one.
    const printed = await vi.waitFor(
      () => execFileSync('lsns', ['-p', String(asleep.pid), '-n', '-r', '-o', 'TYPE,NS'], { encoding: 'utf8' }),
      { timeout: 10_000 },
    );
    const theirs = Object.fromEntries(
      printed
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    );
    const ours = await client.namespaces(asleep.pid);
    expect(Object.keys(theirs)).toEqual(expect.arrayContaining(['uts', 'net']));
    for (const [type, number] of Object.entries(theirs)) expect(ours[type as 'net'], type).toBe(Number(number));
  });
});

describe('cgroup and containerId', () => {
  test('cgroup is the path of the line 0::, or of name=systemd', async () => {
    const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
    const line = lines.find((each) => each.startsWith('0::')) ?? lines.find((each) => each.includes(':name=systemd:'));
    expect(await client.cgroup(process.pid)).toBe(line?.split(':').slice(2).join(':') ?? null);
  });

  const ID = '0123456789abcdef'.repeat(4);
  test.for([
    [`0::/system.slice/docker-${ID}.scope\n`, `/system.slice/docker-${ID}.scope`, ID],
    [
      `0::/kubepods.slice/a.slice/cri-containerd-${ID}.scope\n`,
      `/kubepods.slice/a.slice/cri-containerd-${ID}.scope`,
      ID,
    ],
    [`0::/kubepods.slice/crio-${ID}.scope\n`, `/kubepods.slice/crio-${ID}.scope`, ID],
    [`0::/machine.slice/libpod-${ID}.scope/container\n`, `/machine.slice/libpod-${ID}.scope/container`, ID],
    [`0::/docker/${ID}\n`, `/docker/${ID}`, ID],
    [`12:cpu:/x\n1:name=systemd:/docker/${ID}\n0::/\n`, undefined, ID],
    ['12:cpu:/x\n1:name=systemd:/user.slice/a:b\n', '/user.slice/a:b', null],
    ['0::/user.slice/session-1.scope\n', '/user.slice/session-1.scope', null],
    [`0::/user.slice/${ID}0.scope\n`, `/user.slice/${ID}0.scope`, null],
    [`0::/user.slice/${ID.slice(1)}.scope\n`, `/user.slice/${ID.slice(1)}.scope`, null],
  ] as const)('of the text %s', async ([text, path, id]) => {
    using root = new RecordedRoot();
    root.add(4321, { ...recorded(4321), cgroup: text });
    await using elsewhere = createClient({ threads: 1, procRoot: root.path });
    expect(await elsewhere.containerId(4321)).toBe(id);
    if (path !== undefined) expect(await elsewhere.cgroup(4321)).toBe(path);
  });
});

test('loginuid is the one that was written, and null where there is none', async ({ skip }) => {
  skip(...lacking.root);
  using python = await Python.start();
  const file = () => Number(readFileSync(`/proc/${python.pid}/loginuid`, 'utf8'));
  const expected = () => (file() === 4294967295 ? null : file());
  expect(await client.loginuid(python.pid)).toBe(expected());
  await python.run('open("/proc/self/loginuid", "w").write("1234")');
  expect(file()).toBe(1234);
  expect(await client.loginuid(python.pid)).toBe(1234);
});

test('wchan is that of the file', async () => {
  using asleep = await sleeper();
  const file = () => readFileSync(`/proc/${asleep.pid}/wchan`, 'utf8');
  // It is shown as sleeping a moment before the kernel has found another thread to run.
  await until('it has stopped running', () => statOf(asleep.pid)?.[0] === 'S' && (file() !== '0' || isHidden()));
  expect(await client.wchan(asleep.pid)).toBe(isHidden() ? null : file());
});

test('securityLabel is that of the file, and null without a security module', async () => {
  let text: string | null = null;
  try {
    text = readFileSync('/proc/self/attr/current', 'utf8').replace(/[\0\n]+$/, '');
  } catch {
    // EINVAL: no module labels processes.
  }
  expect(await client.securityLabel(process.pid)).toBe(text || null);
});

/** Whether the kernel has no such names: not of this program either, which waits in several threads. */
function isHidden(): boolean {
  return readdirSync('/proc/self/task').every((tid) => readFileSync(`/proc/self/task/${tid}/wchan`, 'utf8') === '0');
}
