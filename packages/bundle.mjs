// Puts the modules of each package that are loaded together into one file, and replaces the entries that tsc has written: Node
// takes a third of a millisecond to find and read a file, and a client had 150 of them. The files of single modules stay beside
// these, for the command and for tests of inner parts.
//
// What a module gets by `require('./name.js')` instead of an import is loaded when it is used. It has a file of its own, with all that
// only it imports, beside the one that requires it.
//
// Such a file gets the modules that are loaded already from the one that requires it, and does not require them: Jest forgets all
// modules where it is told to, and a copy of them would have other classes of errors and processes.
//
// What the main thread takes of @psutil-extra/worker, a few functions, is in the client's file too.
//
// The data of a thread has the paths of the modules of @psutil-extra/native (`MODULES` there): what it runs requires them by these.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
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
    later: 'frames',
  },
  {
    name: 'native',
    entries: { frames: 'lib/protocol/frames' },
    from: './index.js',
    own: /\/(?:frame|frame-\w+|values|process-event)\.js$/,
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
    handedOver: { by: 'packed/client.js', to: ['packed/calls.js', 'packed/call-parts.js', 'packed/lazy-parts.js'] },
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

for (const { name, entries, lazy = [], included = {}, handedOver, later, from, own, fromPaths, groups } of PACKAGES) {
  const root = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const input = Object.entries(entries).map(([entry, source]) => [entry, `${root}${source}.ts`]);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(input),
    // Other packages.
    external: (id) => !/^[./]/.test(id) && !(id in included) && id !== WHOLE_NATIVE[0],
    platform: 'node',
    transform: { target: 'node20' },
    plugins: [
      {
        name: 'places',
        resolveId(id, importer) {
          // In which bundlers of programs find the addons.
          if (id.endsWith('.cjs')) return { id, external: true };
          if (id === WHOLE_NATIVE[0]) return { id: WHOLE_NATIVE[1], external: true };
          if (from !== undefined && importer !== undefined && !own?.test(id)) return { id: from, external: true };
          if (id in included) return fileURLToPath(new URL(included[id], import.meta.url));
          return id === `./${later}.js` || lazy.some((each) => id === `./${each}.js`) ? { id, external: true } : null;
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
    let placed = fromPaths === undefined ? text : withPaths(text, fromPaths);
    if (handedOver !== undefined && code !== undefined) placed = withHandedOver(placed, fileName, handedOver);
    if (later !== undefined && code !== undefined) placed = withLater(placed, later);
    write(`${root}dist/${fileName}`, fileName.endsWith('.js') ? inAscii(placed) : placed);
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

/**
 * The files in `to` are functions of what finds the modules that `by` has loaded. Each requires by itself what is not loaded yet,
 * so that programs which look for the files of a package find all of them. No line moves.
 */
function withHandedOver(code, fileName, { by, to }) {
  const found = code.replace(/(?<![.\w])require\(("[^"]+")\)/g, 'handOver($1, () => require($1))');
  if (fileName === by) {
    const self = `./${basename(by)}`;
    const load = `(name, load) => handedOver[name] ??= name.startsWith("./") ? load()(handOver) : load()`;
    return found.replace(
      '"use strict";',
      `"use strict"; const handedOver = { "${self}": exports }; const handOver = exports.handOver = ${load};`,
    );
  }
  if (to.includes(fileName)) {
    return found
      .replace('"use strict";', '"use strict"; module.exports = (function (handOver) { const exports = {};')
      .replace(/(?=\n\/\/# sourceMappingURL=|$)/, ' return exports; });');
  }
  const loaded = to.map((each) => basename(each, '.js')).join('|');
  const call = new RegExp(`require\\(("\\./(?:${loaded})\\.js")\\)`, 'g');
  return code.replace(call, `require("./${basename(by)}").handOver($1, () => require($1))`);
}

/**
 * A file is loaded when something of it is first used. Node finds the names of the exports by the assignments, and none that has a
 * getter which it does not know.
 */
function withLater(code, file) {
  const [load, variable] = code.match(new RegExp(`let (\\w+) = require\\("\\./${file}\\.js"\\);`));
  const getter = new RegExp(
    `Object\\.defineProperty\\(exports, "(\\w+)", \\{[^}]*return ${variable}\\.\\1;\\s*\\}\\s*\\}\\);`,
    'g',
  );
  const names = [];
  const rest = code.replace(load, '').replace(getter, (_, name) => {
    names.push(name);
    return `exports.${name} = void 0;`;
  });
  const loading = `let ${file};
const load = () => (${file} ??= require("./${file}.js"));
for (const name of ${JSON.stringify(names)}) Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });`;
  return rest.replace(/(?=\n\/\/# sourceMappingURL=|$)/, `\n${loading}\n`);
}

/** Comments are gone, and what else has such characters may escape them. With one of them V8 keeps two bytes for each of a file. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
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
