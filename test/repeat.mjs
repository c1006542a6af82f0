// npm run test:repeat -- N [what vitest takes, such as files]: runs the tests N times, each time in another order and
// every second time twice at once, and prints which failed and with which seed. The same seed is the same order:
//   npx vitest run --sequence.shuffle --sequence.seed SEED
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const [, , count = '50', ...rest] = process.argv;
const times = Number(count);
if (!Number.isSafeInteger(times) || times < 1) throw new RangeError(`how often? ${count} is no number of runs`);
const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
const vitest = join(dirname(manifest), 'vitest.mjs');
const folder = mkdtempSync(join(tmpdir(), 'psutil-extra-repeat-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
let tests = 0;
const failures = new Map();
for (let round = 0; round < times; round++) {
  await Promise.all(Array.from({ length: 1 + (round % 2) }, (_, beside) => run(round, beside)));
}
console.log(`${runs} runs in ${times} rounds, ${tests} tests, ${failures.size} of them failed at least once`);
for (const [test, seeds] of failures) console.log(`  ${test}: seeds ${seeds.join(', ')}`);
process.exitCode = failures.size === 0 ? 0 : 1;

/** One run of the suite in an order of its own. */
async function run(round, beside) {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const report = join(folder, `${round}-${beside}.json`);
  const order = ['--sequence.shuffle', '--sequence.seed', String(seed)];
  const reporters = ['--reporter', 'json', '--outputFile', report];
  const output = await ended([vitest, 'run', ...order, ...reporters, '--typecheck.enabled=false', ...rest]);
  runs++;
  const result = read(report);
  const failed = result === undefined ? [{ test: 'no report', why: output.slice(-500) }] : failedIn(result);
  tests += result?.numTotalTests ?? 0;
  console.log(`round ${round + 1}${beside > 0 ? ', beside it' : ''}: seed ${seed}, ${failed.length} failed`);
  for (const { test, why } of failed) {
    failures.set(test, [...(failures.get(test) ?? []), seed]);
    console.log(`  ${test}\n    ${why.trimEnd().replaceAll('\n', '\n    ')}`);
  }
}

/** Each test that failed, and what it said: a failure that occurs once in fifty runs is hard to repeat. */
function failedIn({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failing = assertionResults
      .filter((each) => each.status === 'failed')
      .map(({ fullName, failureMessages }) => ({ test: `${name}: ${fullName}`, why: failureMessages.join('\n') }));
    // A file that could not be loaded has none.
    return failing.length === 0 && status === 'failed' ? [{ test: name, why: message }] : failing;
  });
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What a run of Node wrote; it is waited for however it ends. */
function ended(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('close', () => resolve(output));
  });
}
