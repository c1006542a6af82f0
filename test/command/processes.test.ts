import { readFileSync } from 'node:fs';
import { FIELDS as TABLE } from '@psutil-extra/native/protocol';
import { describe, expect, it } from 'vitest';
import { shell, withZombie } from '../cli-child.js';
import { psutilExtra } from '../cli-command.js';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { prlimit, statusLine } from '../processes/proc.js';
import { sleeper, UNUSED_PID } from '../processes/sleeper.js';
import { FIELDS } from './reading.js';

describe('psutil-extra show', () => {
  it('with --all prints every field, signals by name, and limits with their units', async () => {
    await using child = await shell("umask 027; ulimit -S -n 512; trap '' TERM; trap : USR1");
    const { stdout, code } = await psutilExtra(['show', '--all', String(child.pid)]);
    expect(stdout.split('\n')[0]).toBe(`pid ${child.pid}`);
    for (const field of FIELDS) expect(stdout).toMatch(new RegExp(`^  ${field}\\b`, 'm'));
    expect(stdout).toMatch(/^ {2}umask +0027 {2}\(a new folder: rwxr-x---\)$/m);
    expect(stdout).toMatch(/^ {4}ignored .*\bSIGTERM\b/m);
    expect(stdout).toMatch(/^ {4}caught .*\bSIGUSR1\b/m);
    expect(stdout).toMatch(/^ {4}nofile +open files, highest \+ 1 +512 +\d+ {2}files$/m);
    expect(code).toBe(0);
  });

  it('has a heading for each subject, and each field under one', async () => {
    const { stdout } = await psutilExtra(['show', '--all', String(process.pid)]);
    expect(stdout.match(/^ \S.*$/gm)).toEqual([
      ' identity',
      ' user and rights',
      ' processor and scheduling',
      ' memory',
      ' input, output and files',
      ' namespaces and container',
      ' signals and limits',
    ]);
    const fields = Array.from(stdout.matchAll(/^ {2}(\w+)/gm), ([, field]) => field);
    expect(fields).toHaveLength(FIELDS.length);
    expect(new Set(fields)).toEqual(new Set(FIELDS));
  });

  it('reads what is expensive or may block only where it is asked to, and says what it has left out', async () => {
    const dear = TABLE.filter(({ cost }) => cost === 'expensive' || cost === 'may block').map(({ name }) => name);
    const { stdout } = await psutilExtra(['show', String(process.pid)]);
    const shown = Array.from(stdout.matchAll(/^ {2}(\w+)/gm), ([, field]) => field);
    expect(new Set(shown)).toEqual(new Set(FIELDS.filter((field) => !dear.includes(field))));
    const left = Array.from(stdout.matchAll(/^ +not read without --all: (.+)$/gm), ([, list]) => list?.split(', '));
    expect(new Set(left.flat())).toEqual(new Set(dear));
    const { stdout: json } = await psutilExtra(['show', '--json', String(process.pid)]);
    expect(Object.keys(JSON.parse(json)[0])).toEqual(['pid', ...FIELDS.filter((field) => !dear.includes(field))]);
  });

  it('with --fields prints these alone', async () => {
    const { stdout } = await psutilExtra(['show', '--fields', 'exe,name', String(process.pid)]);
    const name = readFileSync('/proc/self/comm', 'utf8').trim();
    const lines = [
      ['name', name],
      ['exe', process.execPath],
    ].map(([label, text]) => `${`  ${label}`.padEnd(20)}${text}`);
    expect(stdout).toBe(`pid ${process.pid}\n identity\n${lines.join('\n')}\n`);
  });

  it('names the members of a value, with their units', async () => {
    const { stdout } = await psutilExtra(['show', String(process.pid)]);
    expect(stdout).toMatch(/^ {2}cpuTimes +user \d+\.\d\d s, system \d+\.\d\d s, /m);
    expect(stdout).toMatch(/^ {2}memory +rss [\d.]+[MG], vms [\d.]+[MG], /m);
    expect(stdout).toMatch(/^ {2}scheduler +policy other, priority 0$/m);
  });

  it('says why it cannot read a field, and prints the others', async () => {
    await using parent = await withZombie();
    const zombie = async () => {
      const { stdout } = await psutilExtra(['scan', '--json', '--fields', 'state,ppid']);
      const rows = JSON.parse(stdout) as { pid: number; state: string; ppid: number }[];
      return rows.find(({ state, ppid }) => state === 'zombie' && ppid === parent.pid)?.pid;
    };
    await expect.poll(zombie, { timeout: 20_000 }).toBeDefined();
    const { stdout } = await psutilExtra(['show', String(await zombie())]);
    expect(stdout).toMatch(/^ {2}umask +\? +\(ESRCH: the process has ended and waits for its parent/m);
    expect(stdout).toMatch(/^ {2}state +zombie$/m);
  });

  it('shows the processes that exist, and ends with 3 and a line for each that does not', async () => {
    const { stdout, stderr, code } = await psutilExtra(['show', String(UNUSED_PID), String(process.pid)]);
    expect(stdout).toContain(`pid ${process.pid}\n`);
    expect(stderr).toMatch(/^psutil-extra: no process with PID \d+; .*\n$/);
    expect(code).toBe(3);
  });

  it('has no line longer than the terminal, but for a word that is', async () => {
    const { stdout } = await psutilExtra(['show', String(process.pid)], { COLUMNS: '60' });
    const longer = stdout.split('\n').filter((line) => line.length > 60);
    // A path, behind the label of its field or on a line of its own.
    expect(longer.filter((line) => line.trim().split(/ +/).length > 2)).toEqual([]);
  });

  it('with --json --all prints an array of every field', async () => {
    const { stdout } = await psutilExtra(['show', '--json', '--all', String(process.pid)]);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ pid: process.pid, umask: process.umask() })]);
    expect(Object.keys(JSON.parse(stdout)[0])).toEqual(['pid', ...FIELDS]);
  });
});

describe('psutil-extra groups and signals', () => {
  it('groups names each group that has a name', async ({ skip }) => {
    skip(...lacking.root);
    using child = await sleeper(['setpriv', '--groups=0,123456']);
    const { stdout } = await psutilExtra(['groups', String(child.pid)]);
    // A PID may be shorter than its heading.
    expect(stdout).toMatch(/^ *PID {2}NAME {3}GID +GROUPS\n *\d+ {2}sleep {2}0\(root\) {2}0\(root\) 123456\n$/);
  });

  it('signals prints each signal set', async () => {
    await using child = await shell("trap '' HUP TERM");
    const { stdout } = await psutilExtra(['signals', String(child.pid)]);
    expect(stdout).toMatch(/^ {2}ignored +SIGHUP SIGTERM$/m);
    expect(stdout).toMatch(/^ {2}blocked +-$/m);
  });

  it.each(['groups', 'signals', 'show'])('%s rejects an invalid PID', async (command) => {
    const { code, stderr } = await psutilExtra([command, 'init']);
    expect(code).toBe(2);
    expect(stderr).toContain('It is not a PID.');
  });
});

describe('psutil-extra rlimit', () => {
  it.each([
    { request: 'nofile=300:600', limits: { soft: 300, hard: 600 } },
    { request: 'nofile=300', limits: { soft: 300, hard: 300 } },
    { request: 'nofile=300:', limits: { soft: 300, hard: 1000 } },
    { request: 'nofile=:700', limits: { soft: 500, hard: 700 } },
    { request: 'RLIMIT_NOFILE=300:', limits: { soft: 300, hard: 1000 } },
  ])('$request sets what it says, as prlimit(1) sees it, and prints nothing', async ({ request, limits }) => {
    await using child = await shell('ulimit -S -n 500; ulimit -H -n 1000');
    const { stdout, stderr, code } = await psutilExtra(['rlimit', String(child.pid), request]);
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: '', code: 0 });
    expect(prlimit(child.pid, 'nofile')).toEqual(limits);
  });

  it('accepts unlimited as a limit', async () => {
    await using child = await shell('ulimit -S -s 1024');
    const { hard } = prlimit(child.pid, 'stack');
    await psutilExtra(['rlimit', String(child.pid), `stack=${hard === Infinity ? 'unlimited' : hard}:`]);
    expect(prlimit(child.pid, 'stack')).toEqual({ soft: hard, hard });
  });

  it('sets some and prints others, in one call', async () => {
    await using child = await shell('ulimit -n 500');
    const { stdout } = await psutilExtra(['rlimit', '--json', String(child.pid), 'core=0', 'nofile']);
    expect(JSON.parse(stdout)).toEqual({ RLIMIT_NOFILE: { soft: 500, hard: 500 } });
    expect(prlimit(child.pid, 'core')).toEqual({ soft: 0, hard: 0 });
  });

  it('prints all of them where none is named', async () => {
    const { stdout } = await psutilExtra(['rlimit', String(process.pid)]);
    const [heads, ...lines] = stdout.trimEnd().split('\n');
    expect(heads?.split(/ +/)).toEqual(['RESOURCE', 'DESCRIPTION', 'SOFT', 'HARD', 'UNITS']);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['as', 'core', 'nofile', 'stack']));
  });

  it('ends with 4 and names the privilege that it needs where setting is denied', async ({ skip }) => {
    skip(...lacking.root);
    using child = await sleeper([...AS_NOBODY, 'prlimit', '--nofile=100:100']);
    const capabilities = BigInt(`0x${statusLine(process.pid, 'CapEff')}`);
    skip(((capabilities >> CAP_SYS_RESOURCE) & 1n) === 1n, 'a process with CAP_SYS_RESOURCE may raise any limit');
    const { code, stderr } = await psutilExtra(['rlimit', String(child.pid), 'nofile=200:200']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^psutil-extra: EPERM: .*CAP_SYS_RESOURCE\n$/);
  });

  it('sets nothing where one of several is wrong', async () => {
    await using child = await shell('ulimit -n 500');
    const { code, stderr } = await psutilExtra(['rlimit', String(child.pid), 'nofile=100', 'nofiles=100']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^psutil-extra: unknown resource 'nofiles'; valid resources are as, core, /);
    expect(prlimit(child.pid, 'nofile').soft).toBe(500);
  });

  it.each([
    { wrong: 'nofile=5:1', why: 'the soft limit 5 would be above the hard limit 1' },
    { wrong: 'nofile=9999999:', why: 'the soft limit 9999999 would be above the hard limit 600' },
    { wrong: 'nofile=100 nofile=200:', why: 'the soft limit 200 would be above the hard limit 100' },
    { wrong: 'nofile=18446744073709551616', why: "'nofile=18446744073709551616': a limit is at most 1844" },
    { wrong: 'nofile=1:2:3', why: "'nofile=1:2:3' is not RESOURCE=SOFT:HARD" },
    { wrong: 'nofile=-7', why: "'nofile=-7' is not RESOURCE=SOFT:HARD" },
    { wrong: 'nofil=5', why: "unknown resource 'nofil'; valid resources are as, core," },
  ])('sets nothing where a later argument is wrong: $wrong', async ({ wrong, why }) => {
    await using child = await shell('ulimit -S -n 500; ulimit -H -n 600; ulimit -S -c 0');
    const core = prlimit(child.pid, 'core');
    const { code, stdout, stderr } = await psutilExtra(['rlimit', String(child.pid), 'core=7:7', ...wrong.split(' ')]);
    expect(stderr).toContain(why);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(prlimit(child.pid, 'core')).toEqual(core);
    expect(prlimit(child.pid, 'nofile')).toEqual({ soft: 500, hard: 600 });
  });

  it('sets one resource twice, each time from the result of the one before', async () => {
    await using child = await shell('ulimit -S -n 500');
    const requests = ['nofile=:600', 'nofile=550:', 'nofile=:560'];
    const { code, stderr } = await psutilExtra(['rlimit', String(child.pid), ...requests]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(prlimit(child.pid, 'nofile')).toEqual({ soft: 550, hard: 560 });
  });

  it.each(['nofile=', 'nofile=:', 'nofile=1:2:3', 'nofile=many', 'nofile=1.5', 'nofile=9:3'])(
    'refuses %s',
    async (request) => {
      const { code } = await psutilExtra(['rlimit', String(process.pid), request]);
      expect(code).toBe(2);
    },
  );

  it('ends with 3 where there is no such process', async () => {
    expect((await psutilExtra(['rlimit', String(UNUSED_PID), 'nofile'])).code).toBe(3);
  });
});

/** Its bit: capabilities(7). */
const CAP_SYS_RESOURCE = 24n;
