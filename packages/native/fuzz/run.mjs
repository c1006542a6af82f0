// Feeds every parser texts that no kernel writes: `node fuzz/run.mjs [harness …] [--seconds N | --runs N] [--keep]`. Without a
// number it is a short run, the same each time. `--keep` adds new inputs to fuzz/corpus.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OUTPUT } from '../check/build.mjs';
import { buildHarnesses, hasLibFuzzer } from './build.mjs';
import { buildSystems } from './systems.mjs';

const CORPUS = fileURLToPath(new URL('corpus', import.meta.url));
/** Inputs that have found a bug. Each is kept, under a name. */
const BUGS = fileURLToPath(new URL('bugs', import.meta.url));
const RECORDED = fileURLToPath(new URL('../check/recorded', import.meta.url));
const FOUND = `${OUTPUT}/fuzz`;
const SHORT_RUNS = 20_000;
// An input that takes longer is a bug.
const MOST_SECONDS_AN_INPUT = 5;

const { values: options, positionals: named } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    runs: { type: 'string' },
    keep: { type: 'boolean', default: false },
    systems: { type: 'boolean', default: false },
  },
});

try {
  process.exitCode = await fuzz();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function fuzz() {
  if (process.platform !== 'linux') {
    console.log(`fuzzing: the parsers are compiled for Linux, and this is ${process.platform}`);
    return 0;
  }
  const guided = await hasLibFuzzer();
  if (!guided && (options.seconds !== undefined || options.systems)) {
    throw new Error('libFuzzer is not here: apt-get install clang');
  }
  const harnesses = [...(await buildHarnesses(guided)), ...(options.systems ? await buildSystems() : [])].filter(
    ({ name }) => named.length === 0 || named.includes(name),
  );
  if (harnesses.length === 0) throw new Error(`no harness is called ${named.join(', ')}`);
  console.log(guided ? 'fuzzing with libFuzzer' : 'fuzzing with our own driver, for libFuzzer (clang) is not here');
  const waiting = [...harnesses];
  let failed = 0;
  const work = async () => {
    for (let harness = waiting.shift(); harness !== undefined; harness = waiting.shift()) {
      const { good, line, report } = await (guided ? explore(harness) : drive(harness));
      if (!good) failed++;
      console.log(`${harness.name.padEnd(12)} ${good ? line : `FAILED\n${report}`}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return failed === 0 ? 0 : 1;
}

/** The inputs of a harness: kept ones, and files recorded from real processes. */
async function inputsOf(name) {
  const folders = [CORPUS, BUGS, RECORDED].map((folder) => `${folder}/${name}`);
  return folders.filter((folder) => existsSync(folder));
}

async function drive({ name, path }) {
  const { code, output } = await run(path, [options.runs ?? String(SHORT_RUNS), ...(await inputsOf(name))]);
  return { good: code === 0, line: output.trim(), report: output };
}

async function explore({ name, path }) {
  await mkdir(FOUND, { recursive: true });
  const found = await mkdtemp(`${FOUND}/${name}-`);
  const limit =
    options.seconds === undefined ? `-runs=${options.runs ?? SHORT_RUNS}` : `-max_total_time=${options.seconds}`;
  const inputs = await inputsOf(name);
  const { code, output } = await run(path, [
    limit,
    // A run of minutes may try other inputs each time.
    ...(options.seconds === undefined ? ['-seed=1'] : []),
    `-timeout=${MOST_SECONDS_AN_INPUT}`,
    '-max_len=16384',
    '-rss_limit_mb=1024',
    '-print_final_stats=1',
    `-artifact_prefix=${FOUND}/${name}-`,
    found,
    ...inputs,
  ]);
  const executed = Number(/number_of_executed_units: (\d+)/.exec(output)?.[1] ?? 0);
  const [, cover, features] = [...output.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1) ?? [];
  if (code === 0 && options.keep) await keep(name, path, [found, ...inputs]);
  await rm(found, { recursive: true, force: true });
  return {
    good: code === 0 && executed > 0,
    line: `${executed} inputs, ${cover} edges and ${features} features seen`,
    // Without libFuzzer's progress lines.
    report: output.replace(/^(#\d+\t|\tNEW_FUNC|INFO:).*\n/gm, ''),
  };
}

/** Keeps the smallest set of inputs that runs the same lines, without those that are kept in any case. */
async function keep(name, path, inputs) {
  const merged = await mkdtemp(`${FOUND}/${name}-`);
  const staying = inputs.filter((folder) => !folder.startsWith(CORPUS) && !folder.startsWith(FOUND));
  for (const folder of staying) await cp(folder, merged, { recursive: true });
  const { code, output } = await run(path, ['-set_cover_merge=1', '-max_len=16384', merged, ...inputs]);
  if (code !== 0) throw new Error(output);
  for (const folder of staying) for (const file of await readdir(folder)) await rm(`${merged}/${file}`);
  await rm(`${CORPUS}/${name}`, { recursive: true, force: true });
  await cp(merged, `${CORPUS}/${name}`, { recursive: true });
  await rm(merged, { recursive: true, force: true });
}

async function run(path, args) {
  const child = spawn(path, args, {
    env: { UBSAN_OPTIONS: 'print_stacktrace=1', ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, output };
}
