import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addonFolderIn, buildFromSource, type Consumer, makeConsumer } from './package-consumer.js';

/** In KiB. That of a compiled addon is held where it is compiled: npm run prebuild. */
const LARGEST = {
  'psutil-extra': 240,
  '@psutil-extra/worker': 16,
  '@psutil-extra/native': 238,
  '@psutil-extra/metrics': 36,
};
const NAMES = ['psutil-extra', '@psutil-extra/worker', '@psutil-extra/native'];

let consumer: Consumer;

beforeAll(async () => {
  consumer = await makeConsumer();
}, 300_000);

afterAll(() => consumer[Symbol.asyncDispose]());

describe('an installed package', () => {
  it.each(NAMES)('%s has all that its manifest points to, a README and a licence', async (name) => {
    const folder = consumer.packageFolder(name);
    const { exports, bin, man, types } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const files = paths([exports, bin, man, types]).concat('README.md', 'LICENSE');
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  it.each(Object.entries(LARGEST))('%s is no larger than %i KiB to download', (name, largest) => {
    const kibibytes = (consumer.sizes.get(name) ?? Number.NaN) / 1024;
    console.log(`${name}: ${kibibytes.toFixed(1)} of ${largest} KiB`);
    // Before you raise a limit, check what has grown and that every installation needs it.
    expect(kibibytes).toBeLessThanOrEqual(largest);
  });

  it('is installed with an addon, and without compiling anything', () => {
    expect(consumer.installed).not.toMatch(/gyp/);
    expect(existsSync(addonFolderIn(consumer))).toBe(true);
  });

  it.each(NAMES)('%s asks package managers to run no script', async (name) => {
    const folder = consumer.packageFolder(name);
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    expect(scripts).toBeUndefined();
    // If this is beside a manifest, npm compiles it, and pnpm prints that it would.
    expect(existsSync(join(folder, 'binding.gyp'))).toBe(false);
  });
});

describe('a project that uses it', () => {
  it('imports it', async () => {
    await consumer.write('use.mjs', `import { createClient } from 'psutil-extra';\n${USE}`);
    expect(await consumer.run(process.execPath, ['use.mjs'])).toEqual(USED);
  });

  it('requires it', async () => {
    await consumer.write('use.cjs', `const { createClient } = require('psutil-extra');\n${USE}`);
    expect(await consumer.run(process.execPath, ['use.cjs'])).toEqual(USED);
  });

  it('loads few files of the client', async () => {
    await consumer.write(
      'loaded.cjs',
      `const { createClient } = require('psutil-extra');
       const { dirname, relative } = require('node:path');
       const dist = dirname(require.resolve('psutil-extra'));
       const loaded = () => Object.keys(require.cache).map((file) => relative(dist, file)).filter((file) => file[0] !== '.');
       const client = createClient();
       client.scan().then(() => console.log(loaded().join())).then(() => client.close());`,
    );
    expect(await consumer.run(process.execPath, ['loaded.cjs'])).toEqual({
      code: 0,
      stdout: 'index.js,packed/client.js,packed/call-parts.js,packed/calls.js\n',
      stderr: '',
    });
  });

  it.each([...NAMES, '@psutil-extra/native/protocol'])(
    'gets the same exports of %s either way, and nothing else',
    async (name) => {
      await consumer.write(
        'same.cjs',
        `const required = require('${name}');
       import('${name}').then((imported) => {
         console.log(JSON.stringify(Object.keys(imported)) === JSON.stringify(Object.keys(required).sort()));
         console.log(Object.keys(required).length > 0 && Object.keys(required).every((name) => imported[name] === required[name]));
       });`,
      );
      // As a dependency of the client the others are found from its folder, where they are not hoisted.
      expect(await consumer.run(process.execPath, ['same.cjs'])).toEqual({
        code: 0,
        stdout: 'true\ntrue\n',
        stderr: '',
      });
    },
  );

  it('gets the same from what bundlers take, where it is not bundled', async () => {
    await consumer.write(
      'same.mjs',
      `import * as taken from './node_modules/psutil-extra/dist/bundled.mjs';
       import * as imported from 'psutil-extra';
       console.log(Object.keys(taken).join() === Object.keys(imported).join());
       console.log(Object.keys(taken).every((name) => taken[name] === imported[name]));`,
    );
    expect(await consumer.run(process.execPath, ['same.mjs'])).toEqual({ code: 0, stdout: 'true\ntrue\n', stderr: '' });
  });

  // Node's report waits for every thread, and one in a system call answers when the call returns.
  it('is not kept waiting by another thread of the program, at the import or the first call', async () => {
    await consumer.write(
      'busy.mjs',
      `import { Worker } from 'node:worker_threads';
       const work = "require('node:worker_threads').parentPort.postMessage(0); require('node:child_process').execSync('sleep 30')";
       const busy = new Worker(work, { eval: true });
       let ended = false;
       busy.once('exit', () => { ended = true; });
       busy.once('message', async () => {
         const { createClient } = await import('psutil-extra');
         const client = createClient({ threads: 1 });
         console.log((await client.umask(process.pid)) === process.umask(), ended);
         await client.close();
         process.kill(process.pid, 'SIGKILL');
       });`,
    );
    const from = performance.now();
    expect((await consumer.run(process.execPath, ['busy.mjs'])).stdout).toBe('true false\n');
    expect(performance.now() - from).toBeLessThan(25_000);
  });

  it('needs no report of Node', async () => {
    await consumer.write(
      'no-report.cjs',
      `Object.defineProperty(process, 'report', { value: undefined });
       const { createClient } = require('psutil-extra');\n${USE}`,
    );
    expect(await consumer.run(process.execPath, ['no-report.cjs'])).toEqual(USED);
  });

  it.each(['index.d.ts', 'index.d.mts'])('has types in %s that need no package but those of Node', (file) => {
    const folder = join(consumer.packageFolder('psutil-extra'), 'dist');
    const foreign = new Set<string>();
    const seen = new Set<string>();
    const look = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = readFileSync(path, 'utf8');
      for (const [, from, imported] of text.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)) {
        const name = (from ?? imported) as string;
        if (!name.startsWith('.')) foreign.add(name);
        else look(join(dirname(path), name.replace(/\.(m?)js$/, '.d.$1ts')));
      }
    };
    look(join(folder, file));
    expect(seen.size).toBeGreaterThan(5);
    expect([...foreign].filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  it('runs the command', async () => {
    const command = join(consumer.folder, 'node_modules/.bin/psutil-extra');
    const { code, stdout } = await consumer.run(command, ['scan', '--json', '--fields', 'pgid']);
    expect(JSON.parse(stdout)).toContainEqual({ pid: process.pid, pgid: expect.any(Number) });
    expect(code).toBe(0);
  });

  it('gets an error that says how to install what --arrow needs', async () => {
    const command = join(consumer.folder, 'node_modules/.bin/psutil-extra');
    const { code, stdout, stderr } = await consumer.run(command, ['scan', '--arrow']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^psutil-extra: --arrow needs the package apache-arrow.*npm install apache-arrow.*\n$/);
  });

  it.each([
    ['--parquet', ['scan', '--parquet', 'x.parquet']],
    ['record', ['record', 'x']],
  ])('gets an error that says how to install what %s needs', async (asked, args) => {
    const command = join(consumer.folder, 'node_modules/.bin/psutil-extra');
    const { code, stdout, stderr } = await consumer.run(command, args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `psutil-extra: ${asked} needs the package @psutil-extra/parquet.*npm install @psutil-extra/parquet.*\\n$`,
      ),
    );
  });

  it('is type-checked as a module and as CommonJS, the declarations of the packages too', async () => {
    await consumer.write('types.mts', `${TYPED}\nawait using client = createClient();\nvoid use(client);\n`);
    await consumer.write('types.cts', `${TYPED}\nvoid use(createClient({ threads: 1 }));\n`);
    await consumer.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          lib: ['es2023'],
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
          typeRoots: [fileURLToPath(new URL('../node_modules/@types', import.meta.url))],
          types: ['node'],
        },
        files: ['types.mts', 'types.cts'],
      }),
    );
    const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
    expect(await consumer.run(process.execPath, [tsc, '-p', '.'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('where the addon is missing', () => {
  beforeAll(() => rename(addonFolderIn(consumer), aside()));
  afterAll(() => rename(aside(), addonFolderIn(consumer)));

  it('the package imports, and supports nothing', async () => {
    await consumer.write(
      'supports.mjs',
      `import { createClient } from 'psutil-extra';
       const client = createClient();
       console.log(['umask', 'rlimit', 'scan', 'pids', 'process'].some((name) => client.supports(name)));
       await client.close();`,
    );
    expect(await consumer.run(process.execPath, ['supports.mjs'])).toEqual({ code: 0, stdout: 'false\n', stderr: '' });
  });

  it.each([
    { call: 'client.umask(1)' },
    { call: 'client.umask(1).catch(() => client.umask(1))' },
    { call: 'client.pids()' },
    { call: 'client.scan()' },
    { call: 'client.snapshot(1)' },
    { call: 'client.process(1)' },
    { call: 'client.oneshot(1, (p) => p.umask())' },
    { call: "client.rlimit(1, 'RLIMIT_CORE', { soft: 0, hard: 0 })" },
  ])('$call rejects and says what to install, what was tried, and how to build it', async ({ call }) => {
    await consumer.write(
      'missing.mjs',
      `import { createClient, WorkerError } from 'psutil-extra';
       const client = createClient({ threads: 1 });
       const error = await (${call}).catch((error) => error);
       console.log(JSON.stringify([error instanceof WorkerError, error.code, error.message]));
       await client.close();`,
    );
    const { stdout } = await consumer.run(process.execPath, ['missing.mjs']);
    expect(JSON.parse(stdout)).toEqual([
      true,
      'ERR_ADDON_NOT_LOADED',
      expect.stringMatching(
        /npm install @psutil-extra\/native-\S+@\d[\s\S]*build\/Release\/psutil_extra\.node: [\s\S]*native-\S+: it is not installed[\s\S]*node-gyp rebuild/,
      ),
    ]);
  });

  it('the command ends with 1 and says so in one line', async () => {
    const command = join(consumer.folder, 'node_modules/.bin/psutil-extra');
    const { code, stdout, stderr } = await consumer.run(command, ['scan']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^psutil-extra: .*could not be loaded.*npm install .*node-gyp rebuild.*\n$/);
  });
});

describe('built from source', () => {
  beforeAll(() => rename(addonFolderIn(consumer), aside()));
  afterAll(async () => {
    await rm(join(consumer.packageFolder('@psutil-extra/native'), 'source/build'), { recursive: true, force: true });
    await rename(aside(), addonFolderIn(consumer));
  });

  it('takes the place of the addon that is missing', async () => {
    await buildFromSource(consumer);
    await consumer.write('built.mjs', `import { createClient } from 'psutil-extra';\n${USE}`);
    expect(await consumer.run(process.execPath, ['built.mjs'])).toEqual(USED);
    // It compiles the whole addon.
  }, 300_000);
});

/** Where the addon is while a test does without it: the others may come before or after. */
function aside(): string {
  return join(consumer.folder, 'addon-aside');
}

const USE = `
const client = createClient({ threads: 1 });
client.umask(process.pid).then((umask) => {
  console.log(umask === process.umask());
  return client.close();
});
`;
const USED = { code: 0, stdout: 'true\n', stderr: '' };

const TYPED = `
import { type Client, createClient, type Limits, NoSuchProcessError, type ProcessTable } from 'psutil-extra';

async function use(client: Client): Promise<void> {
  const umask: number = await client.umask(process.pid);
  const limits: Limits = await client.getrlimit(1, 'RLIMIT_NOFILE');
  const table: ProcessTable<'umask'> = await client.scan({ fields: ['umask'] });
  // @ts-expect-error: a row has the fields that were asked for, and no others
  for (const row of table) row.groups;
  console.log(umask, limits.soft, NoSuchProcessError.name);
}
`;

/** Every path that a part of a manifest names. */
function paths(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(paths) : [];
}
