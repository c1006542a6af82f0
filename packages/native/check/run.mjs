// Tests of the addon's C++ without Node: `node check/run.mjs [part of a test's sentence]`.
// Builds the test programs, runs them side by side, and holds the sources to a line coverage.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildTests, COUNTS, OUTPUT } from './build.mjs';
import { coverageOf, forgetRuns } from './coverage.mjs';

const RECORDED = fileURLToPath(new URL('recorded', import.meta.url));
// A test that hangs must fail with its name, before the job is killed.
const TIMEOUT = 300_000;
const LEAST_COVERED = 95;
const COVERED = [
  'core/text.h',
  'core/array.h',
  'core/dictionary.cc',
  'core/table_builder.cc',
  'core/event_writer.h',
  'core/frame_writer.cc',
  'platform/shared/errno.cc',
  'platform/shared/source_planner.cc',
  'platform/procfs/status.cc',
  'platform/procfs/status_value.cc',
  'platform/procfs/stat.cc',
  'platform/procfs/limits.cc',
  'platform/procfs/cgroup.cc',
  'platform/procfs/cmdline.cc',
  'platform/procfs/exit_status.cc',
  'platform/procfs/fdinfo.cc',
  'platform/procfs/io.cc',
  'platform/procfs/life.cc',
  'platform/procfs/net.cc',
  'platform/procfs/smaps.cc',
  'platform/linux/sources/status.cc',
  'platform/linux/sources/stat.cc',
  'platform/linux/sources/limits.cc',
  'platform/linux/sources/prlimit.cc',
  'platform/linux/sources/ids.cc',
  'platform/linux/numbered.cc',
  'platform/linux/pid_directory.cc',
  'platform/linux/bpf/cpu_times.cc',
  'platform/linux/events/proc_connector.cc',
  'platform/linux/bpf/record.cc',
  'platform/linux/bpf/usage.cc',
  'platform/linux/bpf/records.cc',
  'platform/linux/bpf/second_look.h',
];

const filter = process.argv[2];
const programs = await buildTests().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
await forgetRuns(COUNTS);
const results = await Promise.all(programs.map(run));
for (const { name, passed, failed, report } of results) {
  if (report !== '') console.log(`\n${report}\n`);
  if (passed + failed > 0) console.log(`${name.padEnd(12)} ${passed} passed, ${failed} failed`);
}
let good = results.every(({ failed }) => failed === 0) && results.some(({ passed }) => passed > 0);
// With a filter most lines are not run, and a crash writes no counts.
if (good && filter === undefined && results.some(({ name }) => name === 'coverage')) good = await enoughCovered();
process.exitCode = good ? 0 : 1;

/** Runs a test program. The report is what it printed about failures. */
async function run({ name, path }) {
  const child = spawn(path, [RECORDED, ...(filter === undefined ? [] : [filter])], {
    cwd: OUTPUT,
    env: { ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1', ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT,
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (errors += data));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (...end) => resolve(end));
  });
  const lines = out.split('\n');
  const passed = lines.filter((line) => line.endsWith(' ... ok')).length;
  const failed = lines.filter((line) => line.endsWith(' ... FAILED')).length;
  const report = [...lines.filter((line) => !line.endsWith(' ... ok')), errors.trimEnd()];
  // A sanitizer ends the program in the middle of a test, whose name is the last line above.
  const crashed = code !== 0 && failed === 0;
  if (crashed) report.push(`${name} ended with ${signal ?? `code ${code}`} after ${passed} tests`);
  return { name, passed, failed: failed + Number(crashed), report: report.filter(Boolean).join('\n') };
}

/** Prints the coverage of the files that have a minimum. Returns false if one is below it. */
async function enoughCovered() {
  const files = await coverageOf(COUNTS);
  let enough = true;
  console.log('\nlines run');
  for (const file of COVERED) {
    const { lines, missed } = files.get(file) ?? { lines: 0, missed: [] };
    const percent = lines === 0 ? 0 : (100 * (lines - missed.length)) / lines;
    const low = percent < LEAST_COVERED;
    if (low) enough = false;
    const where = missed.length > 0 ? `  all but ${missed.join(', ')}` : '';
    const verdict = low ? `: below ${LEAST_COVERED} %` : '';
    console.log(`${file.padEnd(26)} ${percent.toFixed(1).padStart(5)} %${where}${verdict}`);
  }
  return enough;
}
