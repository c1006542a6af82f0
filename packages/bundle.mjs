// Puts the modules of each package that are loaded together into one file, and replaces the entries that tsc has written: Node
// takes a third of a millisecond to find and read a file, and a client had 150 of them. The files of single modules stay beside
// these, for the command and for tests of inner parts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Of each package its entries, and the file that gets what is not the entries' own. It is as deep in `dist` as a module was.
 * Node searches the whole of a file for the names that an ES module imports, which takes tens of milliseconds in a large one:
 * `index.js` has nothing but these names.
 */
const PACKAGES = [
  {
    name: 'native',
    entries: { index: 'lib/index', 'protocol/index': 'lib/protocol/index' },
    group: { name: 'native', test: /./ },
  },
  {
    name: 'worker',
    entries: { index: 'src/index', task: 'src/task', events: 'src/events' },
    group: { name: 'shared', test: /./, minShareCount: 2 },
  },
  {
    name: 'client',
    entries: { index: 'src/index', 'packed/later': 'src/api/later' },
    group: { name: loadedFirst, debugName: 'client' },
  },
];

/** Required when it is used first, see `runtime.ts`. */
const LATER = './later.js';

/**
 * The second file of the client is a function of what the first one exports. If it required that by its path, it would get
 * another copy after `jest.resetModules()`, whose errors are of other classes.
 */
const LINKS = {
  'packed/client.js': ['require("../api/later.js")', 'require("./later.js")(exports)'],
  'packed/later.js': ['require("./client.js")', 'client'],
};

for (const { name, entries, group } of PACKAGES) {
  const root = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const input = Object.entries(entries).map(([entry, source]) => [entry, `${root}${source}.ts`]);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(input),
    // Other packages, and the file in which bundlers of programs find the addons.
    external: (id) => !/^[./]/.test(id) || id.endsWith('.cjs') || id === LATER,
    platform: 'node',
    transform: { target: 'node20' },
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
    codeSplitting: { groups: [group] },
    intro: (chunk) => (chunk.name === 'packed/later' ? 'module.exports = (client, exports = {}) => {' : ''),
    outro: (chunk) => (chunk.name === 'packed/later' ? 'return exports; };' : ''),
  });
  for (const { fileName, code, source } of output) {
    write(`${root}dist/${fileName}`, code === undefined ? source : linked(fileName, code));
  }
  await bundle.close();
}

/** The modules that `index` imports. The others become the file of the entry that alone imports them. */
function loadedFirst(id, modules) {
  const reached = new Set();
  const reach = (each) => {
    if (reached.has(each)) return;
    reached.add(each);
    for (const imported of modules.getModuleInfo(each)?.importedIds ?? []) reach(imported);
  };
  reach(fileURLToPath(new URL('client/src/index.ts', import.meta.url)));
  return reached.has(id) ? 'packed/client' : null;
}

function linked(fileName, code) {
  const [from, to] = LINKS[fileName] ?? ['', ''];
  if (!code.includes(from)) throw new Error(`dist/${fileName} has no ${from}`);
  return code.replace(from, to);
}

/** Leaves a file alone that would be the same: other programs may be loading it. */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
