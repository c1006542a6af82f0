import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shell } from './cli-child.js';
import { type Outcome, outcomeOf } from './cli-command.js';
import { lacking } from './processes/abilities.js';
import { Python } from './processes/python.js';
import { sleeper } from './processes/sleeper.js';
import { until } from './processes/until.js';

/** Runs a recipe of examples/audit. */
function audit(name: string, ...args: string[]): Promise<Outcome> {
  const file = fileURLToPath(new URL(`../examples/audit/${name}.mjs`, import.meta.url));
  return outcomeOf(process.execPath, [file, ...args]);
}

/** What it says of a process. */
function lineOf({ stdout }: Outcome, pid: number): string | undefined {
  return stdout.split('\n').find((line) => line.startsWith(`${pid} `));
}

describe('open-umask', () => {
  it('finds the processes that make files which everybody may write, and no others', async () => {
    await using open = await shell('umask 000');
    await using closed = await shell('umask 022');
    const found = await audit('open-umask');
    expect(lineOf(found, open.pid)).toBe(`${open.pid} sh (user ${process.geteuid?.()}): umask 000`);
    expect(lineOf(found, closed.pid)).toBeUndefined();
    expect(found.code).toBe(1);
  });

  it('asks for single bits as well', async () => {
    await using half = await shell('umask 020');
    expect(lineOf(await audit('open-umask'), half.pid)).toBeUndefined();
    expect(lineOf(await audit('open-umask', '002'), half.pid)).toContain('umask 020');
  });
});

describe('will-not-stop', () => {
  it('finds processes that ignore SIGTERM, that block it, and whether one is pending', async () => {
    await using deaf = await shell("trap '' TERM");
    await using polite = await shell('trap : TERM');
    using blocking = await Python.start();
    await blocking.run('signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])');
    const before = await audit('will-not-stop');
    expect(lineOf(before, deaf.pid)).toBe(`${deaf.pid} sh: ignores SIGTERM`);
    expect(lineOf(before, polite.pid)).toBeUndefined();
    expect(lineOf(before, blocking.pid)).toMatch(/: blocks SIGTERM$/);
    process.kill(blocking.pid, 'SIGTERM');
    expect(lineOf(await audit('will-not-stop'), blocking.pid)).toMatch(/: blocks SIGTERM, and one waits$/);
    expect(lineOf(await audit('will-not-stop', 'SIGHUP'), deaf.pid)).toBeUndefined();
  });

  it('leaves kernel threads out', async ({ skip }) => {
    skip(...lacking.kernelThread);
    const { stdout } = await audit('will-not-stop');
    expect(stdout).not.toMatch(/^2 kthreadd/m);
  });
});

describe('powerful-groups', () => {
  it('finds processes in group 0 that are not root', async ({ skip }) => {
    skip(...lacking.root);
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534'];
    using member = await sleeper([...asNobody, '--groups=0,1234']);
    using stranger = await sleeper([...asNobody, '--groups=1234']);
    using root = await sleeper(['setpriv', '--groups=0']);
    const found = await audit('powerful-groups');
    expect(lineOf(found, member.pid)).toBe(`${member.pid} sleep (user 65534): root`);
    expect(lineOf(found, stranger.pid)).toBeUndefined();
    expect(lineOf(found, root.pid)).toBeUndefined();
    expect(lineOf(await audit('powerful-groups', '1234'), stranger.pid)).toContain(': 1234');
  });
});

describe('near-nofile', () => {
  it('finds processes near their limit of open files', async () => {
    using near = await Python.start();
    await near.run(
      'resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20)); kept = [open("/dev/null") for _ in range(15)]',
    );
    await using far = await shell('ulimit -n 512');
    const found = await audit('near-nofile');
    const open = await near.run<number>('len(os.listdir("/proc/self/fd")) - 1');
    expect(lineOf(found, near.pid)).toMatch(new RegExp(`: ${open} of 20 files open$`));
    expect(lineOf(found, far.pid)).toBeUndefined();
    expect(found.code).toBe(1);
  });
});

describe('orphans', () => {
  it('finds a session whose leader has ended', async () => {
    const script = 'sleep 300 >/dev/null 2>&1 & echo $! $$';
    const line = execFileSync('setsid', ['sh', '-c', script], { encoding: 'utf8' });
    const [member = Number.NaN, leader] = line.trim().split(' ').map(Number);
    try {
      await until('the leader has been waited for', async () =>
        (await audit('orphans')).stdout.includes(`session ${leader} has no leader: ${member} sleep\n`),
      );
    } finally {
      process.kill(member);
    }
  });

  it('finds an orphaned process group, and reports no daemon', async () => {
    using leader = await Python.start(['setsid']);
    await leader.run(ORPHAN);
    const held = await leader.run<number>('fork(lambda: os.setpgid(0, 0))');
    await leader.until(`os.getpgid(${held}) == ${held}`);
    const { group, member } = await leader.run<{ group: number; member: number }>('orphan()');
    try {
      const { stdout } = await audit('orphans');
      expect(stdout).toMatch(new RegExp(`^group ${group} of session ${leader.pid} is orphaned: ${member} `, 'm'));
      expect(stdout).not.toContain(`group ${held} `);
      expect(stdout).not.toContain(`group ${leader.pid} `);
    } finally {
      process.kill(member, 'SIGKILL');
    }
  });
});

/** A process group whose leader ends while another member stays. */
const ORPHAN = `
def orphan():
    out, into = os.pipe()
    first = os.fork()
    if first == 0:
        os.setpgid(0, 0)
        second = os.fork()
        if second == 0:
            os.closerange(0, 3)
            signal.alarm(120)
            while True:
                signal.pause()
        os.write(into, str(second).encode())
        os._exit(0)
    os.waitpid(first, 0)
    return {"group": first, "member": int(os.read(out, 32))}
`;
