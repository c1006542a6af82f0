import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIELDS } from '@psutil-extra/native/protocol';
import { TARGETS } from '@psutil-extra/release/binaries/targets';
import { manifestIn, NATIVE } from '@psutil-extra/release/repository';
import { describe, expect, it } from 'vitest';
// The package does not export the function under test.
import { type Candidate, INTERFACE, loadAddon, loadFirst } from '../../packages/native/dist/addon.js';
import { type Host, nameOf, thisHost } from '../../packages/native/dist/host.js';
import { loadPrebuilt } from '../../packages/native/dist/prebuilt.cjs';
import { answerOf } from '../processes/node.js';

/** The fields as an addon lists them. */
const TABLE = FIELDS.map(({ name, signature }) => ({ name: name as string, type: signature as string }));
const LAST = TABLE[TABLE.length - 1] as (typeof TABLE)[number];

const LINUX: Host = { platform: 'linux', arch: 'x64', type: 'Linux', musl: false };

describe('the package of a host', () => {
  it.each([
    { host: LINUX, name: 'linux-x64' },
    { host: { ...LINUX, arch: 'arm64', musl: true }, name: 'linux-arm64-musl' },
    { host: { ...LINUX, platform: 'darwin', type: 'Darwin', arch: 'arm64' }, name: 'darwin-arm64' },
    { host: { ...LINUX, platform: 'freebsd', type: 'FreeBSD' }, name: 'freebsd-x64' },
    { host: { ...LINUX, platform: 'freebsd', type: 'DragonFly' }, name: 'dragonfly-x64' },
    { host: { ...LINUX, platform: 'dragonfly', type: 'DragonFly' }, name: 'dragonfly-x64' },
  ])('is $name', ({ host, name }) => {
    expect(nameOf(host)).toBe(name);
  });

  it.each(TARGETS)('$name is the one that is made for it', ({ name, os, cpu, libc }) => {
    expect(nameOf({ platform: os, arch: cpu, type: os, musl: libc === 'musl' })).toBe(name);
  });

  it('does not take a report with a version of glibc for musl, and does not change the report', () => {
    const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
    expect(thisHost().musl).toBe(process.platform === 'linux' && header.glibcVersionRuntime === undefined);
    expect(process.report).toMatchObject({ excludeNetwork: false });
  });
});

describe('the addon of a platform package', () => {
  it.each(TARGETS)('for $name is required by its literal path, which bundlers follow', ({ name }) => {
    const text = readFileSync(new URL('../../packages/native/dist/prebuilt.cjs', import.meta.url), 'utf8');
    expect(text).toContain(
      `case '${name}':\n                return require('@psutil-extra/native-${name}/psutil_extra.node');`,
    );
    expect(() => loadPrebuilt(name)).toThrow(/^it is not installed$/);
  });

  it.each(['dragonfly-x64', 'sunos-x64', 'win32-x64', 'linux-riscv64'])('for %s does not exist', (host) => {
    expect(() => loadPrebuilt(host)).toThrow(/^there is none for this platform$/);
  });
});

describe('loading', () => {
  it('takes the first that loads, and tries no more', () => {
    const loaded = { interface: INTERFACE, fields: TABLE };
    const never = fails('never', 'was tried');
    expect(loadFirst([fails('first', 'no'), { name: 'second', load: () => loaded }, never])).toBe(loaded);
  });

  it.each([
    { sources: 'older', left: {}, what: 'none' },
    { sources: 'older', left: { interface: INTERFACE - 1 }, what: String(INTERFACE - 1) },
    { sources: 'newer', left: { interface: INTERFACE + 1 }, what: String(INTERFACE + 1) },
  ])(
    'passes over one that was built of $sources sources ($what), and says which file and what to do',
    ({ sources, left, what }) => {
      const candidate = { name: '/somewhere/psutil_extra.node', load: () => left };
      expect(() => loadFirst([candidate])).toThrow(
        expect.objectContaining({
          code: 'ERR_ADDON_NOT_LOADED',
          message: expect.stringContaining(
            `/somewhere/psutil_extra.node: it was built of ${sources} sources: its interface is ${what}, this package's ${INTERFACE}. Rebuild it, or remove it\n`,
          ),
        }),
      );
      const fitting = { interface: INTERFACE, fields: TABLE };
      expect(loadFirst([candidate, { name: 'next', load: () => fitting }])).toBe(fitting);
    },
  );

  it.each([
    ['has no table', undefined, 'it has no table of fields'],
    [
      'lacks the last',
      TABLE.slice(0, -1),
      `field ${TABLE.length - 1} is nothing there, and ${LAST.name} (${LAST.type}) in this package`,
    ],
    [
      'has one more',
      [...TABLE, { name: 'unknown', type: 'i32' }],
      `field ${TABLE.length} is unknown (i32) there, and nothing in this package`,
    ],
    [
      'has two exchanged',
      TABLE.toSpliced(8, 2, ...TABLE.slice(8, 10).toReversed()),
      'field 8 is sid (i32) there, and pgid (i32) in this package',
    ],
    [
      'stores one in another way',
      TABLE.with(1, { name: 'ppid', type: 'f64' }),
      'field 1 is ppid (f64) there, and ppid (i32) in this package',
    ],
  ])('passes over one that %s of fields, and says where it differs', (_, fields, what) => {
    const candidate = { name: '/somewhere/psutil_extra.node', load: () => ({ interface: INTERFACE, fields }) };
    expect(() => loadFirst([candidate])).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDON_NOT_LOADED',
        message: expect.stringContaining(
          `/somewhere/psutil_extra.node: it was built of other sources: ${what}. Rebuild it, or remove it\n`,
        ),
      }),
    );
  });

  it('leaves the package importable, and rejects each call, where the only addon is of other sources', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-older-'));
    const older = join(folder, 'psutil_extra.cjs');
    writeFileSync(older, 'exports.Reader = class {};');
    try {
      const failure = await answerOf<{ name: string; code: string; message: string }>(
        `import { createClient } from 'psutil-extra';
         const { name, code, message } = await createClient({ threads: 1 }).umask(1).catch((error) => error);
         console.log(JSON.stringify({ name, code, message }));`,
        { wrapper: ['env', `PSUTIL_EXTRA_ADDON=${older}`] },
      );
      expect(failure).toMatchObject({ name: 'WorkerError', code: 'ERR_ADDON_NOT_LOADED' });
      expect(failure.message).toContain(`${older}: it was built of older sources`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('loads the addon that was built here', () => {
    expect(loadAddon().interface).toBe(INTERFACE);
  });

  it.each([
    { flags: [], missing: ['--allow-worker', '--allow-addons'], code: 'ERR_ACCESS_DENIED' },
    { flags: ['--allow-addons'], missing: ['--allow-worker'], code: 'ERR_ACCESS_DENIED' },
    { flags: ['--allow-worker'], missing: ['--allow-addons'], code: 'ERR_ADDON_NOT_LOADED' },
  ])('names the flags that Node was not given, where it has its permission model on: $missing', async (given) => {
    const failure = await failureUnder([PERMISSION, '--allow-fs-read=*', ...given.flags]);
    expect(failure).toMatchObject({ name: 'WorkerError', code: given.code });
    expect(failure.message).toContain("Node's permission model is on, and ");
    expect(failure.message.match(/--[a-z-]+/g)).toEqual(given.missing);
  });

  it('says that Node was started with --no-addons', async () => {
    const failure = await failureUnder(['--no-addons']);
    expect(failure).toMatchObject({ name: 'WorkerError', code: 'ERR_ADDON_NOT_LOADED' });
    expect(failure.message).toContain('\nNode was started with --no-addons, and loads none: start it without.\n');
  });

  it('works if all the permissions are given', async () => {
    const flags = [PERMISSION, '--allow-fs-read=*', '--allow-worker', '--allow-addons'];
    expect(await failureUnder(flags)).toEqual(process.umask());
  });

  it('says which package to install, then what was tried, and how to build one last', () => {
    const { host, version } = { host: nameOf(thisHost()), version: manifestIn(NATIVE).version };
    const notInstalled = new Error('it is not installed', { cause: { code: 'MODULE_NOT_FOUND' } });
    const candidates = [
      fails('built', 'no such file'),
      { name: `@psutil-extra/native-${host}`, load: () => raise(notInstalled) },
    ];
    const [first, ...lines] = messageOf(() => loadFirst(candidates)).split('\n');
    expect(first).toMatch(/^psutil-extra's addon could not be loaded on Linux .*\.$/);
    expect(lines).toEqual([
      `Install the package that has it: npm install @psutil-extra/native-${host}@${version}`,
      expect.stringMatching(/--omit=optional .*another system or by a lockfile from there/),
      'Tried:',
      '  built: no such file',
      `  @psutil-extra/native-${host}: it is not installed`,
      expect.stringMatching(/^Or build one from the sources, .*npx node-gyp rebuild -C ".*" --nodedir=nodedir$/),
    ]);
  });

  it('does not say to install a package that is installed, or that does not exist', () => {
    const host = nameOf(thisHost());
    for (const why of ["libc.so.6: version `GLIBC_2.17' not found", 'there is none for this platform']) {
      const message = messageOf(() => loadFirst([fails(`@psutil-extra/native-${host}`, why)]));
      expect(message).not.toContain('npm install');
      expect(message).toMatch(/\nBuild one from the sources, /);
    }
  });

  it('says of each why it failed, in one line, and how to build one', () => {
    const candidates = [fails('first', 'no such file\nRequire stack: …'), fails('second', 'invalid ELF header')];
    expect(() => loadFirst(candidates)).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDON_NOT_LOADED',
        message: expect.stringMatching(
          /Tried:\n {2}first: no such file\n {2}second: invalid ELF header\n.*npx node-gyp rebuild -C ".*packages\/native\/" --nodedir=nodedir$/,
        ),
      }),
    );
  });
});

/** What Node 22 calls `--permission`. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

/** What a call resolves or rejects with in a Node that is started so. */
function failureUnder(flags: readonly string[]): Promise<{ name: string; code: string; message: string }> {
  return answerOf(
    `import { createClient } from 'psutil-extra';
     const client = createClient({ threads: 1 });
     const failure = await client.umask(process.pid).catch(({ name, code, message }) => ({ name, code, message }));
     console.log(JSON.stringify(failure));`,
    { flags },
  );
}

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

function raise(error: Error): never {
  throw error;
}

function fails(name: string, why: string): Candidate {
  return {
    name,
    load: () => {
      throw new Error(why);
    },
  };
}
