import { FIELDS } from 'psutil-extra';
import { expect, it } from 'vitest';
import type { Promised } from '../systems/world.js';
import { ROOT, read } from './markdown.js';

/** The systems, as their folders and as people call them. */
const SYSTEMS = {
  linux: 'Linux',
  freebsd: 'FreeBSD',
  netbsd: 'NetBSD',
  openbsd: 'OpenBSD',
  dragonfly: 'DragonFly',
  darwin: 'macOS',
  illumos: 'illumos',
};

const PAGE = 'docs/platforms.md';
const BEGIN = '<!-- support: npx vitest run test/documents/platforms -u -->\n';
const END = '<!-- end of support -->\n';

/**
 * What each system's tests hold it to (`test/systems/contract`), on this machine or on a simulated kernel, as the table of the
 * page: run this test with `-u` to write it.
 */
it('the page of platforms has what each system promises', async () => {
  const page = read(PAGE);
  const [before = '', rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  const table = tableOfSupport(await Promise.all(Object.keys(SYSTEMS).map(promisedBy)));
  await expect(`${before}${BEGIN}\n${table}\n${END}${after}`).toMatchFileSnapshot(ROOT + PAGE);
});

async function promisedBy(system: string): Promise<Promised> {
  return ((await import(`../systems/${system}/promised.ts`)) as { promised: Promised }).promised;
}

function tableOfSupport(systems: readonly Promised[]): string {
  const withField = (field: string) => systems.map(({ supported }) => (supported as readonly string[]).includes(field));
  const onlyLinux = systems.map(({ backend }) => backend === 'linux');
  const rows: [what: string, cells: string[]][] = [
    ['`kill`, `killTree`, `waitForExit`', systems.map(() => YES)],
    ['`parent`, `parents`, `children`, `find`, `tree`', cells(both(withField('ppid'), withField('startTime')))],
    ['`scan`, `snapshot`, `oneshot`, `process`', systems.map(() => YES)],
    ['`sample`', cells(withField('startTime'))],
    ['`top`, `cpuPercent`', cells(withField('cpuTimes'))],
    ['`ioRates`', cells(withField('io'))],
    ['`getrlimit`, `rlimits`', systems.map(({ limits }) => REACH[limits.get])],
    ['`rlimit`: set a limit', systems.map(({ limits }) => REACH[limits.set])],
    ['`setNice`, `setIoPriority`, `setAffinity`, `setScheduler`, `setOomScoreAdj`', cells(onlyLinux)],
    ['`events`, `live`', cells(onlyLinux)],
  ];
  const fields = FIELDS.filter((name) => name !== 'rlimits');
  const sets = [...new Set(systems.flatMap(({ signalSets }) => signalSets))];
  rows.push(
    ...sharedRows(fields.map((field) => [field, cells(withField(field))])),
    ...sharedRows(
      sets.map((set) => [set, cells(systems.map(({ signalSets }) => signalSets.includes(set)))]),
      ' of `sigmasks`',
    ),
  );
  return [
    ['method or field', ...Object.values(SYSTEMS)],
    ['---', ...systems.map(() => '---')],
    ...rows.map(([what, row]) => [what, ...row]),
  ]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

/** What the same systems have shares a row. */
function sharedRows(each: readonly (readonly [name: string, cells: string[]])[], of = ''): [string, string[]][] {
  const names = new Map<string, string[]>();
  for (const [name, row] of each) {
    const key = JSON.stringify(row);
    names.set(key, [...(names.get(key) ?? []), `\`${name}\``]);
  }
  return Array.from(names, ([key, same]) => [same.join(', ') + of, JSON.parse(key) as string[]]);
}

const YES = 'yes';
const REACH = { any: YES, own: 'its own', none: '–' };

function cells(row: readonly boolean[]): string[] {
  return row.map((has) => (has ? YES : '–'));
}

function both(row: readonly boolean[], other: readonly boolean[]): boolean[] {
  return row.map((has, i) => has && other[i] === true);
}
