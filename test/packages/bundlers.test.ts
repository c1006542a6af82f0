import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippet } from '../documents/markdown.js';
import { EmptyFolder, registryHere } from './empty-folder.js';
import { type Shelf, shelf } from './shelf.js';

const TOOLS = [
  'esbuild@0.28.2',
  'rollup@4.68.8',
  '@rollup/plugin-node-resolve@16.0.3',
  '@rollup/plugin-commonjs@29.0.3',
  'vite@8.3.8',
  'webpack@5.113.0',
  'webpack-cli@7.3.1',
];

let packed: Shelf;
let folder: EmptyFolder;
/** Where nothing is installed. */
let bare: string;

beforeAll(async () => {
  packed = await shelf(await registryHere());
  folder = await EmptyFolder.make(packed.url);
  bare = await realpath(await mkdtemp(join(tmpdir(), 'psutil-extra-bare-')));
  const install = await folder.shell(`npm init -y\nnpm install psutil-extra ${TOOLS.join(' ')}`);
  expect(install).toEqual({ ...install, code: 0 });
  await folder.write('program.mjs', `import { createClient, NoSuchProcessError } from 'psutil-extra';\n${USE}`);
  await folder.write('program.cjs', `const { createClient, NoSuchProcessError } = require('psutil-extra');\n${USE}`);
}, 240_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await packed[Symbol.asyncDispose]();
  await rm(bare, { recursive: true, force: true });
});

describe('as the document configures it', () => {
  it('esbuild', async () => {
    const { code } = snippet(
      'docs/bundlers.md: npx esbuild program.mjs --bundle --platform=node --format=esm --external:psutil-extra --outfile=bundle.mjs',
    );
    await bundled(code, 'bundle.mjs');
  });

  it('rollup', () => configured('docs/bundlers.md: // rollup.config.mjs', 'npx rollup -c', 'bundle.mjs'));

  it('vite', () => configured('docs/bundlers.md: // vite.config.mjs', 'npx vite build', 'bundle/program.mjs'));

  it('webpack', () => configured('docs/bundlers.md: // webpack.config.mjs', 'npx webpack', 'bundle.mjs'));
});

describe.each(['esbuild', 'rollup', 'vite', 'webpack'] as const)('without the settings for %s', (bundler) => {
  it.each([
    { from: 'mjs', to: 'mjs' },
    { from: 'mjs', to: 'cjs' },
    { from: 'cjs', to: 'mjs' },
    { from: 'cjs', to: 'cjs' },
  ] as const)(
    'a program of .$from, as a bundle .$to, loads what is installed, or says in one sentence what to do',
    async ({ from, to }) => {
      const bundle = `${bundler}-${from}-to.${to}`;
      const made = await folder.shell(await UNTOLD[bundler](`program.${from}`, bundle, to === 'mjs'));
      expect(made).toEqual({ ...made, code: 0 });
      expect(await folder.shell(`node out/${bundle}`)).toEqual(USED);

      // In a folder of its own, with the original folder moved away: webpack stores its path.
      await mkdir(join(bare, bundler), { recursive: true });
      await cp(join(folder.path, 'out', bundle), join(bare, bundler, bundle));
      const installed = join(folder.path, 'node_modules/psutil-extra');
      await cp(installed, join(bare, 'aside'), { recursive: true });
      await rm(installed, { recursive: true });
      try {
        const { code, stdout } = await folder.shell(`node '${join(bare, bundler, bundle)}'`);
        expect(stdout).toMatch(/^ERR_BUNDLED: psutil-extra [^.\n]*mark it as external \(.*\) and install it .*\n$/);
        expect(code).toBe(0);
      } finally {
        await cp(join(bare, 'aside'), installed, { recursive: true });
      }
    },
    60_000,
  );
});

/** A configuration, whose first line says which file it is. */
async function configured(key: string, command: string, bundle: string): Promise<void> {
  await folder.write(key.slice(key.lastIndexOf(' ') + 1), snippet(key).code);
  await bundled(command, bundle);
}

async function bundled(command: string, bundle: string): Promise<void> {
  const made = await folder.shell(command);
  expect(made).toEqual({ ...made, code: 0 });
  expect(await folder.shell(`node ${bundle}`)).toEqual(USED);
}

/** For each bundler, a command that bundles everything. */
const UNTOLD = {
  esbuild: async (from: string, bundle: string, isModule: boolean) =>
    `npx esbuild ${from} --bundle --platform=node --format=${isModule ? 'esm' : 'cjs'} --outfile=out/${bundle} --log-level=error`,
  rollup: async (from: string, bundle: string, isModule: boolean) => {
    await folder.write(
      'rollup.all.mjs',
      `import commonjs from '@rollup/plugin-commonjs';
       import resolve from '@rollup/plugin-node-resolve';
       export default {
         input: '${from}',
         output: { file: 'out/${bundle}', format: '${isModule ? 'es' : 'cjs'}' },
         plugins: [resolve({ preferBuiltins: true }), commonjs()],
       };`,
    );
    return 'npx rollup -c rollup.all.mjs --silent';
  },
  vite: async (from: string, bundle: string, isModule: boolean) => {
    await folder.write(
      'vite.all.mjs',
      `export default {
         logLevel: 'error',
         ssr: { noExternal: true },
         build: {
           ssr: '${from}',
           outDir: 'out',
           emptyOutDir: false,
           rollupOptions: { output: { format: '${isModule ? 'es' : 'cjs'}', entryFileNames: '${bundle}' } },
         },
       };`,
    );
    return 'npx vite build -c vite.all.mjs';
  },
  webpack: async (from: string, bundle: string, isModule: boolean) => {
    await folder.write(
      'webpack.all.mjs',
      `export default {
         mode: 'production',
         target: 'node20',
         entry: './${from}',
         experiments: { outputModule: ${isModule} },
         output: {
           path: import.meta.dirname + '/out',
           filename: '${bundle}',
           module: ${isModule},
           library: { type: '${isModule ? 'module' : 'commonjs2'}' },
         },
       };`,
    );
    return 'npx webpack -c webpack.all.mjs';
  },
};

const USE = `
async function main() {
  const client = createClient({ threads: 1 });
  const own = await client.oneshot(process.pid, async (p) => [await p.umask(), await p.pgid()]);
  const gone = await client.umask(2 ** 30).catch((error) => error instanceof NoSuchProcessError);
  console.log(own[0] === process.umask(), (await client.scan()).length > 1, gone);
  await client.close();
}
main().catch(({ code, message }) => console.log(code + ': ' + message));
`;
const USED = { code: 0, stdout: 'true true true\n', stderr: '' };
