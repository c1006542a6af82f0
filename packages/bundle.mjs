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
  { name: 'client', entries: { index: 'src/index' }, group: { name: 'packed/client', test: /./ } },
];

for (const { name, entries, group } of PACKAGES) {
  const root = fileURLToPath(new URL(`${name}/`, import.meta.url));
  const input = Object.entries(entries).map(([entry, source]) => [entry, `${root}${source}.ts`]);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(input),
    // Other packages, and the file in which bundlers of programs find the addons.
    external: (id) => !/^[./]/.test(id) || id.endsWith('.cjs'),
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
  });
  for (const { fileName, code, source } of output) {
    write(`${root}dist/${fileName}`, code ?? source);
  }
  await bundle.close();
}

/** Leaves a file alone that would be the same: other programs may be loading it. */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
