import { describe, expect, it } from 'vitest';
import { named, shell } from '../cli-child.js';
import { psutilExtra } from '../cli-command.js';
import { AS_NOBODY, lacking } from '../processes/abilities.js';
import { sleeper } from '../processes/sleeper.js';

async function rows<T>(...args: string[]): Promise<(T & { pid: number })[]> {
  const { stdout, stderr, code } = await psutilExtra(['scan', '--json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^\d+ process(es)? in/) });
  return JSON.parse(stdout);
}

describe('--sort', () => {
  it('puts the smallest first, and with - the largest', async () => {
    const up = await rows<{ umask: number | null }>('--fields', 'umask', '--sort', 'umask,-pid');
    // What could not be read, a zombie's, is last.
    const last = 0o1000;
    expect(up).toEqual(up.toSorted((a, b) => (a.umask ?? last) - (b.umask ?? last) || b.pid - a.pid));
    const down = (await rows('--sort', '-pid', '--fields', 'pgid')).map(({ pid }) => pid);
    expect(down).toEqual(down.toSorted((a, b) => b - a));
  });

  it('takes a column of a field that is several, and does not print what is only sorted by', async () => {
    await using less = await shell('ulimit -n 64');
    await using more = await shell('ulimit -n 66');
    const order = async (by: string) =>
      (await rows('--fields', 'ppid', '--sort', by)).filter(({ pid }) => pid === less.pid || pid === more.pid);
    const ofLess = { pid: less.pid, ppid: process.pid };
    const ofMore = { pid: more.pid, ppid: process.pid };
    expect(await order('nofile')).toEqual([ofLess, ofMore]);
    expect(await order('-nofile')).toEqual([ofMore, ofLess]);
  });

  it('names the columns that there are where one is unknown', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--sort', '-cpu']);
    expect(stderr).toMatch(
      /^psutil-extra: --sort: unknown column 'cpu'; valid columns are pid, name, .*nofile, user, time, rss, age, start, command\n$/,
    );
    expect(code).toBe(2);
  });
});

describe('--name', () => {
  it('is a regular expression for a part of the name', async () => {
    await using child = await named(`psx-${process.pid}-ing`);
    const found = await rows('--name', `^psx-${process.pid}-.*g$`, '--fields', 'ppid');
    expect(found.map(({ pid }) => pid)).toEqual([child.pid]);
  });

  it('says what is wrong with an expression that is none', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--name', '(']);
    expect(code).toBe(2);
    expect(stderr).toContain('Unterminated group');
  });
});

describe('the count on stderr', () => {
  it('of one process says process, and of several processes', async () => {
    await using child = await named(`psx-${process.pid}-one`);
    const one = await psutilExtra(['scan', '--name', `^psx-${process.pid}-one$`]);
    expect(one.stdout).toContain(String(child.pid));
    expect(one.stderr).toMatch(/^1 process in \d+ ms\n$/);
    const tree = await psutilExtra(['tree']);
    expect(tree.stderr).toMatch(/^\d+ processes in \d+ ms\n$/);
  });
});

describe('--user', () => {
  it('takes a name or an id, and several of them', async ({ skip }) => {
    skip(...lacking.root);
    using child = await sleeper(AS_NOBODY);
    for (const user of ['nobody', '65534', '1,nobody']) {
      const found = await rows<{ uids: { effective: number } }>('--user', user, '--fields', 'uids');
      expect(found.map(({ pid }) => pid)).toContain(child.pid);
      expect(found.every(({ uids }) => uids.effective !== 0)).toBe(true);
    }
  });

  it('rejects a user that does not exist', async () => {
    const { code, stderr } = await psutilExtra(['scan', '--user', 'no-such-user']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "psutil-extra: --user: there is no user 'no-such-user'\n" });
  });
});
