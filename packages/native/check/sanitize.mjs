// Runs the addon's C++ under ThreadSanitizer or Valgrind: `node check/sanitize.mjs threads|valgrind`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildPrograms, filesIn, pureSources, WRAPPED } from './build.mjs';

const RECORDED = fileURLToPath(new URL('recorded', import.meta.url));
const SUPPRESSED = fileURLToPath(new URL('valgrind.supp', import.meta.url));
const FOUND_SOMETHING = 66;
const WAYS = { threads, valgrind };

const way = WAYS[process.argv[2]];
if (way === undefined) {
  console.error(`one of ${Object.keys(WAYS).join(', ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = (await way()) ? 0 : 1;
}

/** Sixteen threads over one /proc, under ThreadSanitizer. */
async function threads() {
  const flags = '-O1 -g -fsanitize=thread';
  const [program] = await buildPrograms('Makefile.threads', (variables) => [manyThreads(variables, 'threads', flags)]);
  return run(program.path, ['16', '20'], { TSAN_OPTIONS: `halt_on_error=1:exitcode=${FOUND_SOMETHING}` });
}

/** Every test, and some threads, under Valgrind's memcheck. */
async function valgrind() {
  const flags = '-O1 -g';
  // This takes seconds otherwise, and minutes here. The sanitizers and fuzzers run it too.
  const tests = (await filesIn('check', '_test.cc')).filter((test) => !/(unsupported|mutation)_test/.test(test));
  const harness = await filesIn('check/harness', '.cc');
  const [tested, many] = await buildPrograms('Makefile.valgrind', (variables) => [
    {
      ...manyThreads(variables, 'plain', flags),
      name: 'plain-tests',
      link: WRAPPED,
      sources: [...sourcesOf(variables), ...harness, ...tests],
    },
    manyThreads(variables, 'plain', flags),
  ]);
  const memcheck = [
    '--quiet',
    // Valgrind checks more bytes of the argument of bpf(2) than its size.
    `--suppressions=${SUPPRESSED}`,
    '--leak-check=full',
    '--errors-for-leak-kinds=definite,possible',
    `--error-exitcode=${FOUND_SOMETHING}`,
  ];
  return (
    (await run('valgrind', [...memcheck, tested.path, RECORDED])) &&
    (await run('valgrind', [...memcheck, many.path, '4', '2']))
  );
}

function sourcesOf(variables) {
  return [...pureSources(variables), ...variables.psutil_linux_sources];
}

function manyThreads(variables, folder, flags) {
  return {
    name: `${folder}-many`,
    build: { folder, flags, testFlags: '' },
    link: '-pthread',
    sources: [...sourcesOf(variables), 'check/threads.cc'],
  };
}

async function run(program, args, environment = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const code = await new Promise((resolve, reject) => {
    child
      .on('error', () => reject(new Error(`${program} is not here: apt-get install ${program}`)))
      .on('close', resolve);
  });
  const lines = output.trim().split('\n');
  const passed = lines.filter((line) => line.endsWith(' ... ok')).length;
  console.log(passed > 0 ? `${passed} tests passed` : lines.at(-1));
  if (code !== 0) console.log(lines.filter((line) => !line.endsWith(' ... ok')).join('\n'));
  // Valgrind lacks some commands of bpf(2), and pidfd_open(2), and prints a warning for each.
  const complaints = errors
    .split('\n')
    .filter(
      (line) =>
        line !== '' &&
        !/unhandled (eBPF command|amd64-linux syscall)|write your own handler|README_MISSING|we consider this a bug|bug_reports/.test(
          line,
        ),
    );
  if (complaints.length > 0) console.error(complaints.join('\n'));
  return code === 0;
}
