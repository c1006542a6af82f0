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

/** The entry whose names another one has too, in its file. */
const WHOLE_NATIVE = ['@psutil-extra/native/protocol', '@psutil-extra/native'];

/**
 * Of each package its entries, and the file that gets what is not the entries' own. It is as deep in `dist` as a module was.
 * Node searches the whole of a file for the names that an ES module imports, which takes tens of milliseconds in a large one:
 * an entry has nothing but these names.
 */
const PACKAGES = [
  {
    name: 'native',
    entries: { index: 'lib/index' },
    // What reads frames is a third of it, and a thread's first answer needs none.
    signatures: 'allow-extension',
    deferred: { 'index.js': 'frames' },
    groups: [
      {
        name: 'frames',
        test: /\/protocol\/(?:frame|frame-check|frame-column|frame-edit|values|process-event)\./,
        includeDependenciesRecursively: false,
      },
    ],
  },
  {
    // It has names of the other one.
    name: 'native',
    entries: { 'protocol/index': 'lib/protocol/index' },
    from: '../index.js',
  },
  {
    name: 'worker',
    entries: { index: 'src/index', events: 'src/events', port: 'src/port' },
    fromPaths: '@psutil-extra/native',
    groups: [{ name: 'shared', test: /./, minShareCount: 2 }],
  },
  {
    // Alone, because every first answer waits for it: a second file would take longer than what it shares with the others.
    name: 'worker',
    entries: { task: 'src/task' },
    lazy: ['port'],
    fromPaths: '@psutil-extra/native',
  },
  {
    name: 'client',
    entries: {
      index: 'src/index',
      remote: 'src/remote',
      arrow: 'src/arrow',
      'packed/call-parts': 'src/api/call-parts',
      'packed/lazy-parts': 'src/api/lazy-parts',
    },
    lazy: ['call-parts', 'lazy-parts'],
    // An answer is a frame: what reads it is loaded while the first thread starts, and not when it has answered.
    used: { 'packed/call-parts.js': 'require("@psutil-extra/native").Frame' },
    included: { '@psutil-extra/worker': 'worker/src/index.ts' },
    // A group takes what its modules import too, as far as no group of a higher priority has it.
    groups: [
      { name: of('packed/client', 'src/index.ts'), debugName: 'client', priority: 3 },
      { name: of('packed/calls', 'src/api/call-parts.ts'), debugName: 'calls', priority: 2 },
      { name: 'packed/arrow', test: /\/src\/(?:columnar\/|arrow\.ts)/ },
      { name: 'packed/remote', test: /\/src\/remote/ },
    ],
  },
];

for (const {
  name,
  entries,
  lazy = [],
  included = {},
  deferred = {},
  used = {},
  signatures,
  from,
  fromPaths,
  groups,
} of PACKAGES) {
  const root = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const input = Object.entries(entries).map(([entry, source]) => [entry, `${root}${source}.ts`]);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(input),
    // Other packages.
    external: (id) => !/^[./]/.test(id) && !(id in included) && id !== WHOLE_NATIVE[0],
    platform: 'node',
    preserveEntrySignatures: signatures,
    transform: { target: 'node20' },
    plugins: [
      {
        name: 'places',
        resolveId(id, importer) {
          // In which bundlers of programs find the addons.
          if (id.endsWith('.cjs')) return { id, external: true };
          if (id === WHOLE_NATIVE[0]) return { id: WHOLE_NATIVE[1], external: true };
          if (from !== undefined && importer !== undefined) return { id: from, external: true };
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
    let text = code ?? source;
    if (fileName in deferred) text = withDeferred(code, deferred[fileName]);
    if (fileName in used) text = ending(code, `${used[fileName]};`);
    if (fromPaths !== undefined) text = withPaths(text, fromPaths);
    write(`${root}dist/${fileName}`, fileName.endsWith('.js') ? inAscii(text) : text);
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

/** Comments are gone, and what else has such characters may escape them. With one of them V8 keeps two bytes for each of a file. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What an entry exports of this file is there from the first use on. The names stay for Node, which looks for assignments to them. */
function withDeferred(code, file) {
  const [load, variable, path] = code.match(new RegExp(`const (\\w+) = require\\("([^"]*/${file}\\.js)"\\);`));
  const assignment = new RegExp(`exports\\.(\\w+) = ${variable}\\.\\1;`, 'g');
  const names = [...code.matchAll(assignment)].map(([, name]) => name);
  return ending(
    code.replace(assignment, 'exports.$1 = undefined;').replace(load, ''),
    `for (const name of ${JSON.stringify(names)}) {
	const settle = (value) => Object.defineProperty(exports, name, { value, enumerable: true });
	Object.defineProperty(exports, name, { get: () => settle(require("${path}")[name])[name], enumerable: true, configurable: true });
}`,
  );
}

/** With this behind all else but the name of its map. */
function ending(code, text) {
  return code.replace(/\n?(\/\/# sourceMappingURL=.*)?$/, `\n${text}\n$1`);
}

/** The file of what a module of the client imports, and what these import. */
function of(file, source) {
  let imported;
  return (id, modules) => {
    imported ??= reachedFrom(fileURLToPath(new URL(`client/${source}`, import.meta.url)), modules);
    return imported.has(id) ? file : null;
  };
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
