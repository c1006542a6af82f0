import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMON_SECRETS, type GroupRule, parseConfig } from '../../packages/metrics/dist/index.js';
import { Labels } from '../../packages/metrics/dist/labels.js';
import { Rules } from '../../packages/metrics/dist/rules.js';

const plain = new Labels([], 40);
const EXAMPLE = new URL('../../packages/metrics/deploy/groups.json', import.meta.url);

describe('the name of a group', () => {
  it.each([
    ['--password=hunter2 --port=80', '--password=*** --port=80'],
    ['curl --api-key hunter2 x', 'curl --api-key *** x'],
    ['DB_PASSWORD=hunter2 node', 'DB_PASSWORD=*** node'],
    ['psql postgres://app:hunter2@db/shop', 'psql postgres://app:***@db/shop'],
    ['vault -token hunter2', 'vault -token ***'],
    ['GET /?access_token=hunter2&x=1', 'GET /?access_token=***&x=1'],
  ])('has no common secret: %s', (text, name) => {
    expect(new Labels(COMMON_SECRETS, 200).of(text)).toBe(name);
  });

  it('has nothing that a pattern matches, as often as it matches, whatever flags the pattern has', () => {
    const sticky = /k\d+/y;
    sticky.lastIndex = 3;
    expect(new Labels([sticky, /TOPSECRET/i], 200).of('a k1 k22 topsecret')).toBe('a *** *** ***');
    expect(sticky.lastIndex).toBe(3);
  });

  it('is not longer than the limit, and those with the same beginning stay apart', () => {
    const [one, other] = [plain.of(`${'x'.repeat(100)}1`), plain.of(`${'x'.repeat(100)}2`)];
    expect([one.length, other.length]).toEqual([40, 40]);
    expect(one).toMatch(/^x{31}~[0-9a-f]{8}$/);
    expect(one).not.toBe(other);
  });

  it('shows nothing of a secret by its mark: that is made without the secret', () => {
    const labels = new Labels([/key=\S+/], 40);
    const [one, other] = ['one', 'other'].map((key) => labels.of(`${'x'.repeat(50)} key=${key} ${'y'.repeat(50)}`));
    expect(one).toBe(other);
  });

  it.each([
    ['a line break', 'a\nb', 'a b'],
    ['what a terminal acts on', 'a\u001b[31mb', 'a [31mb'],
    ['half of a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['nothing', '', 'unnamed'],
  ])('is text of one line: %s', (_, text, name) => {
    expect(plain.of(text)).toBe(name);
  });

  it('takes no long time for arguments that are made to take it', () => {
    const labels = new Labels(COMMON_SECRETS, 80);
    const hostile = [
      'password'.repeat(8000),
      ' '.repeat(64_000),
      '//a:'.repeat(16_000),
      `password${'-'.repeat(64_000)}`,
    ];
    const before = performance.now();
    for (const text of hostile) expect(labels.of(text).length).toBeLessThanOrEqual(80);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it.each(['a'.repeat(8192), 'a-'.repeat(4096), `${'a'.repeat(8188)}.js.`])(
    'takes no long time in the rules of the example for %.10s…',
    (cmdline) => {
      const { groupBy } = parseConfig(readFileSync(EXAMPLE, 'utf8'), 'groups.json') as { groupBy: GroupRule[] };
      const rules = new Rules(groupBy);
      const facts = {
        name: 'node',
        isKernel: false,
        program: 'node',
        exe: null,
        user: null,
        cgroup: null,
        container: null,
      };
      const before = performance.now();
      for (let i = 0; i < 20; i++) rules.nameOf({ ...facts, cmdline });
      expect(performance.now() - before).toBeLessThan(1000);
    },
  );
});
