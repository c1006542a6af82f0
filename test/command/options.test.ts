import { describe, expect, it } from 'vitest';
import { named, shell } from '../cli-child.js';
import { psutilExtra } from '../cli-command.js';
import { commAndState } from '../processes/proc.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { until } from '../processes/until.js';

const NAME = `psx-${process.pid}-Opt`;

async function pidsOf(...args: string[]): Promise<number[]> {
  const { stdout, code } = await psutilExtra([...args, '--json', '-o', 'ppid']);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { pid: number }[]).map(({ pid }) => pid);
}

describe('where no process matches', () => {
  it.each([
    { args: ['scan', '--name', '^no such name$'], prints: /^PID .*\n$/ },
    { args: ['scan', '--name', '^no such name$', '--json'], prints: /^\[\]\n$/ },
    { args: ['scan', '--state', 'dead', '--ndjson'], prints: /^$/ },
    { args: ['scan', '--pid', 'self', '--name', '^no such name$', '--csv'], prints: /^pid,.*\r\n$/ },
    { args: ['connections', '--port', '1', '--ndjson'], prints: /^$/ },
    { args: ['top', '-n', '1', '-d', '0.1', '--name', '^no such name$'], prints: /^\d+ process/ },
    { args: ['top', '-n', '1', '-d', '0.1', '--name', '^no such name$', '--ndjson'], prints: /^$/ },
  ])('$args exits with 5', async ({ args, prints }) => {
    const { code, stdout } = await psutilExtra(args);
    expect(code).toBe(5);
    expect(stdout).toMatch(prints);
  });
});

describe('--pid', () => {
  it('prints these processes alone, also in several lists', async () => {
    using one = await sleeper();
    using other = await sleeper();
    const both = [one.pid, other.pid].sort((a, b) => a - b);
    expect(await pidsOf('scan', '-p', both.join())).toEqual(both);
    expect(await pidsOf('scan', '-p', String(both[0]), '--pid', String(both[1]), '--sort', 'pid')).toEqual(both);
    const { stdout } = await psutilExtra(['top', '-n', '1', '-d', '0.1', '-p', String(one.pid), '--ndjson']);
    expect(JSON.parse(stdout)).toMatchObject({ pid: one.pid });
  });

  it('prints an error for one that no process has, and exits with 3', async () => {
    using one = await sleeper();
    const { code, stdout, stderr } = await psutilExtra(['scan', '--pid', `${UNUSED_PID},${one.pid}`]);
    expect(stdout).toContain('sleep 300');
    expect(stderr).toMatch(new RegExp(`^1 process in .*\npsutil-extra: no process with PID ${UNUSED_PID};.*\n$`));
    expect(code).toBe(3);
  });
});

describe('--state', () => {
  it.each(['stopped', 'STOPPED', 'T', 'zombie,T'])('takes a name or the letter of ps: %s', async (state) => {
    using one = await sleeper();
    one.child.kill('SIGSTOP');
    await until('it has stopped', () => commAndState(one.pid) === 'sleep T');
    expect(await pidsOf('scan', '--state', state)).toContain(one.pid);
    expect(await pidsOf('scan', '-r', 'S,R')).not.toContain(one.pid);
  });

  it('names the states that there are', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--state', 'asleep']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /Unknown state 'asleep'; valid states are running, sleeping, .*parked\. See psutil-extra scan --help\n$/,
    );
  });
});

describe('a pattern', () => {
  it('behind scan, list or find is that of --name', async () => {
    await using child = await named(NAME);
    for (const name of ['scan', 'list', 'find']) expect(await pidsOf(name, `^${NAME}$`)).toEqual([child.pid]);
  });

  it('matches capitals and small letters alike only with -i', async () => {
    await using child = await named(NAME);
    const small = `^${NAME.toLowerCase()}$`;
    expect(await pidsOf('find', '-i', small)).toEqual([child.pid]);
    expect((await psutilExtra(['find', small])).code).toBe(5);
    await using other = await shell(`: ${NAME}`);
    expect(await pidsOf('scan', '-f', '--ignore-case', '--name', `^SH -C : ${NAME}`)).toEqual([other.pid]);
  });

  it.each([
    [['scan', '1'], /A PID is --pid 1; a name with 1 in it is --name 1/],
    [['scan', 'a', '--name', 'b'], /given twice/],
    [['scan', '-i'], /--ignore-case is about the pattern of --name, which is missing/],
    [['events', '-i'], /--ignore-case is about the pattern/],
    [['scan', 'a', 'b'], /too many arguments/],
  ])('is refused where it is unclear: %j', async (args, message) => {
    const { code, stderr } = await psutilExtra(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('--limit', () => {
  it('prints the first so many, after sorting, and how many there were', async () => {
    const { stdout, stderr } = await psutilExtra(['scan', '--sort', '-pid', '--limit', '2', '--ndjson', '-o', 'ppid']);
    const pids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { pid: number }).pid);
    expect(pids).toHaveLength(2);
    expect(pids).toEqual(pids.toSorted((a, b) => b - a));
    expect(stderr).toMatch(/^2 of \d+ processes in \d+ ms\n$/);
  });

  it('of top has the name that it had before too', async () => {
    for (const option of ['--limit', '--count']) {
      const { stdout } = await psutilExtra(['top', '-n', '1', '-d', '0.1', option, '1', '--ndjson']);
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

describe('a letter', () => {
  it('is short for the option that ps, pgrep, top or htop has under it', async () => {
    const choosing = ['-s --sort', '-u --user', '-p --pid', '-r --state', '-i --ignore-case', '-f --full'];
    expect(await lettersOf('scan')).toEqual(['-o --fields', ...choosing, '-h --help']);
    const own = ['-d --interval', '-n --samples', '-o --fields'];
    expect(await lettersOf('top')).toEqual([...own, ...choosing, '-t --tree', '-h --help']);
  });
});

async function lettersOf(command: string): Promise<string[]> {
  const { stdout } = await psutilExtra([command, '--help']);
  return Array.from(stdout.matchAll(/^ {2}(-\w), (--[\w-]+)/gm), ([, letter, word]) => `${letter} ${word}`);
}
