// Puts the modules of each package that are loaded together into one file, and replaces the entries that tsc has written: Node
// takes a third of a millisecond to find and read a file, and a client had 150 of them. The files of single modules stay beside
// these, for the command and for tests of inner parts.
//
// What a module gets by `require('./name.js')` instead of an import is loaded when it is used. It has a file of its own, with all that
// only it imports, beside the one that requires it.
//
// What the main thread takes of @psutil-extra/worker, a few functions, is in the client's file too.
//
// The data of a thread has the paths of the modules of @psutil-extra/native (`MODULES` there): what it runs requires them by these.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Of each package its entries, and the file that gets what is not the entries' own. It is as deep in `dist` as a module was.
 * Node searches the whole of a file for the names that an ES module imports, which takes tens of milliseconds in a large one:
 * an entry has nothing but these names.
 */
const PACKAGES = [
  {
    name: 'native',
    entries: { index: 'lib/index', 'protocol/index': 'lib/protocol/index' },
    groups: [{ name: 'native', test: /./ }],
  },
  {
    name: 'worker',
    entries: { index: 'src/index', task: 'src/task', events: 'src/events', port: 'src/port' },
    lazy: ['port'],
    fromPaths: '@psutil-extra/native',
    groups: [{ name: 'shared', test: /./, minShareCount: 2 }],
  },
  {
    name: 'client',
    entries: {
      index: 'src/index',
      remote: 'src/remote',
      arrow: 'src/arrow',
      'packed/lazy-parts': 'src/api/lazy-parts',
    },
    lazy: ['lazy-parts'],
    included: { '@psutil-extra/worker': 'worker/src/index.ts' },
    // A group takes what its modules import too, as far as no group of a higher priority has it.
    groups: [
      { name: (id, modules) => (isOfIndex(id, modules) ? 'packed/client' : null), debugName: 'client', priority: 2 },
      { name: 'packed/arrow', test: /\/src\/(?:columnar\/|arrow\.ts)/ },
      { name: 'packed/remote', test: /\/src\/remote/ },
    ],
  },
];

let ofIndex;
for (const { name, entries, lazy = [], included = {}, fromPaths, groups } of PACKAGES) {
  const root = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const input = Object.entries(entries).map(([entry, source]) => [entry, `${root}${source}.ts`]);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(input),
    // Other packages, and the file in which bundlers of programs find the addons.
    external: (id) => (!/^[./]/.test(id) && !(id in included)) || id.endsWith('.cjs'),
    platform: 'node',
    transform: { target: 'node20' },
    plugins: [
      {
        name: 'places',
        resolveId(id) {
          if (id in included) return fileURLToPath(new URL(included[id], import.meta.url));
          return lazy.some((each) => id === `./${each}.js`) ? { id, external: true } : null;
        },
      },
    ],
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    exports: 'named',
    sourcemap: true,
    comments: false,
    strict: true,
    esModule: true,
    generatedCode: { symbols: false },
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: { groups },
  });
  for (const { fileName, code, source } of output) {
    const text = code ?? source;
    write(`${root}dist/${fileName}`, fromPaths === undefined ? text : withPaths(text, fromPaths));
  }
  await bundle.close();
}

/** In the main thread, or if the data of a thread is another program's, the package is required by its name. No line moves. */
function withPaths(code, name) {
  const calls = new RegExp(`require\\("(${name}[^"]*)"\\)`, 'g');
  const load = '(name) => require(require("node:worker_threads").workerData?.modules?.[name] ?? name)';
  return calls.test(code)
    ? code
        .replace(calls, 'requireByPath("$1")')
        .replace('"use strict";', `"use strict"; const requireByPath = ${load};`)
    : code;
}

/** Whether `index` imports a module of the client. */
function isOfIndex(id, modules) {
  ofIndex ??= reachedFrom(fileURLToPath(new URL('client/src/index.ts', import.meta.url)), modules);
  return ofIndex.has(id);
}

function reachedFrom(entry, modules) {
  const found = new Set();
  const reach = (each) => {
    if (found.has(each)) return;
    found.add(each);
    for (const imported of modules.getModuleInfo(each)?.importedIds ?? []) reach(imported);
  };
  reach(entry);
  return found;
}

/** Leaves a file alone that would be the same: other programs may be loading it. */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
