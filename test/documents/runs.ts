import { commandsIn, type Snippet } from './markdown.js';

/** Blocks of programs, compiled where they are TypeScript, and run as they stand. */
export const PROGRAMS = 'test/documents/programs.test.ts';
/** Blocks of pages about other packages: their code, and what it becomes. */
export const MIGRATION = /^site\/pages\/from\/(?!ps\.md|proc\.md|psutil-extra\.md)/;
export const MIGRATIONS = 'test/documents/migrations.test.ts';
/** Blocks of commands: the command of this package, and the scripts of this repository. */
export const COMMANDS = 'test/documents/commands.test.ts';

/**
 * The tests that run blocks of which neither the language nor the commands say how. Those of `test/packages` are of
 * `npm run test:packages`, which may install from a network; those of `test/engines` are of `npm run test:engines`; all others
 * are of `npm test`.
 */
export const NAMED: Readonly<Record<string, string>> = {
  'README.md: npm install psutil-extra': 'test/packages/documents.test.ts',
  'CONTRIBUTING.md: packages/native   the C++ addon: blocking reads into columns; knows no threads':
    'test/documents/shown.test.ts',
  'README.md: 367 MB       4 node images.js --format=webp': 'test/documents/shown.test.ts',
  'docs/architecture.md: index → api → actions → { relatives, watch, sample, remote }':
    'test/release/structure.test.ts',
  'docs/architecture.md: request   u16 magic, u8 protocol, u8 kind, u8 schema[8]; then by kind':
    'test/remote/layout.test.ts',
  'docs/architecture.md: int32 header[16]   bytes of the whole frame, rows, PIDs taken, where the':
    'test/documents/shown.test.ts',
  'docs/binaries.md: npm run prebuild:targets -- linux-x64': 'test/packages/documents.test.ts',
  'docs/binaries.md: npm install CLONE/tarballs/*.tgz': 'test/packages/documents.test.ts',
  'docs/binaries.md: npx node-gyp@12.4.0 rebuild -C node_modules/@psutil-extra/native/source --nodedir=nodedir':
    'test/packages/documents.test.ts',
  'docs/bpf.md: cp "$(command -v node)" /opt/monitor/node': 'test/documents/grants.test.ts',
  'docs/bpf.md: [Service]': 'test/documents/grants.test.ts',
  'docs/bpf.md: securityContext:': 'test/documents/grants.test.ts',
  'docs/bundlers.md: npx esbuild program.mjs --bundle --platform=node --format=esm --external:psutil-extra --outfile=bundle.mjs':
    'test/packages/bundlers.test.ts',
  'docs/bundlers.md: // rollup.config.mjs': 'test/packages/bundlers.test.ts',
  'docs/bundlers.md: // vite.config.mjs': 'test/packages/bundlers.test.ts',
  'docs/bundlers.md: // webpack.config.mjs': 'test/packages/bundlers.test.ts',
  'docs/bundlers.md: { "testMatch": ["**/*.test.js", "**/*.test.mjs"] }': 'test/packages/test-runners.test.ts',
  'docs/command.md: npm install apache-arrow': 'test/packages/documents.test.ts',
  "docs/command.md: import { readFile } from 'node:fs/promises';": 'test/packages/documents.test.ts',
  'docs/command.md: psutil-extra rlimit 1234                       # all of them':
    'test/documents/command-page.test.ts',
  'docs/command.md: psutil-extra kill 1234                         # SIGTERM': 'test/command/acting.test.ts',
  'docs/command.md: psutil-extra: no process with PID 4194305; run psutil-extra list to see all PIDs':
    'test/documents/command-page.test.ts',
  'docs/command.md: eval "$(psutil-extra completion bash)" # in ~/.bashrc': 'test/documents/command-page.test.ts',
  'docs/command.md: psutil-extra serve --metrics 9256': 'test/documents/metrics.test.ts',
  'docs/fleet-scale.md: node --expose-gc bench/dist/fleet/simulation.js --hosts 10000 --processes 500 --dead 1 --programs 10':
    'test/engines/nats/simulation.test.ts',
  'docs/diagnostics.md: $ DEBUG=psutil-extra node server.js': 'test/documents/shown.test.ts',
  'examples/audit/README.md: npm install psutil-extra': 'test/packages/documents.test.ts',
  'examples/server/README.md: npm run build': 'test/documents/server.test.ts',
  'examples/server/README.md: apt-get install --no-install-recommends chromium prometheus fonts-dejavu-core':
    'test/documents/server.test.ts',
  'packages/metrics/README.md: npm install psutil-extra @psutil-extra/metrics': 'test/packages/metrics.test.ts',
  'packages/metrics/README.md: process_group_processes{group="nginx",state="sleeping"} 5':
    'test/documents/metrics.test.ts',
  'packages/metrics/README.md: rule_files: [node_modules/@psutil-extra/metrics/deploy/rules.yaml]':
    'test/engines/metrics/questions.test.ts',
  'packages/metrics/README.md: {': 'test/documents/metrics.test.ts',
  'packages/metrics/README.md: 1463 MB node': 'test/documents/metrics.test.ts',
  'packages/nats/README.md: npm install psutil-extra @psutil-extra/nats @nats-io/transport-node':
    'test/packages/nats.test.ts',
  'packages/nats/README.md: // host.mjs': 'test/engines/nats/readme.test.ts',
  'packages/nats/README.md: // ask.mjs': 'test/engines/nats/readme.test.ts',
  'packages/nats/README.md: node host.mjs &': 'test/engines/nats/readme.test.ts',
  'packages/nats/README.md: db1.example.com: 212 processes, the largest is postgres with 834 MB':
    'test/engines/nats/readme.test.ts',
  'packages/nats/README.md: HOSTS_PASSWORD=… ASKERS_PASSWORD=… nats-server --config node_modules/@psutil-extra/nats/nats-server.conf':
    'test/engines/nats/readme.test.ts',
  "packages/nats/README.md: const connection = await connectToNats({ servers, user: 'askers', pass: process.env.ASKERS_PASSWORD, inboxPrefix: '_INBOX_askers' });":
    'test/engines/nats/readme.test.ts',
  'packages/nats/README.md: { user: db1, password: $DB1_PASSWORD, permissions: {':
    'test/engines/nats/permissions.test.ts',
  'packages/native/README.md: npx node-gyp@12.4.0 rebuild --nodedir=nodedir': 'test/packages/documents.test.ts',
  'packages/parquet/README.md: npm install psutil-extra @psutil-extra/parquet': 'test/packages/parquet.test.ts',
  "packages/parquet/README.md: import { DuckDBInstance } from '@duckdb/node-api';": 'test/packages/parquet.test.ts',
  'packages/parquet/README.md: ┌─────────┬─────────┬───────┬────────────┬──────────┬──────────────┬───────────┐':
    'test/packages/parquet.test.ts',
  "packages/parquet/README.md: import { record } from '@psutil-extra/parquet';": 'test/parquet/documents.test.ts',
  "packages/parquet/README.md: import { writeParquet } from '@psutil-extra/parquet';": 'test/parquet/documents.test.ts',
  "packages/parquet/README.md: CREATE OR REPLACE VIEW history AS SELECT * FROM read_parquet('processes/*.parquet', union_by_name = true);":
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, socket.local AS address':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, list_distinct(list_concat(':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, open.path': 'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, containerId[:12] AS container, count(*) AS processes,':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, memory.rss FROM latest ORDER BY memory.rss DESC LIMIT 10;':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, capabilities.effective AS held FROM latest':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, time, round(100 * used / elapsed, 1) AS percent':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, pid, name, max_by(memory.rss, time) - min_by(memory.rss, time) AS growth':
    'test/engines/parquet/questions.test.ts',
  'packages/parquet/README.md: SELECT host, name, count(DISTINCT (pid, startTime)) AS instances, max(startTime) AS last':
    'test/engines/parquet/questions.test.ts',
  "site/pages/recipes/bullmq.md: import { Queue, QueueEvents, Worker } from 'bullmq';": 'test/packages/bullmq.test.ts',
  'site/pages/recipes/kubernetes.md: apiVersion: apps/v1': 'test/documents/kubernetes.test.ts',
  'site/pages/recipes/machine.md: const port = 8080;': 'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: const table = await client.scan({ fields: ['name', 'exe', 'exeDeleted', 'memoryMaps', 'cgroup'] });":
    'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: import { stat } from 'node:fs/promises';": 'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: const table = await client.scan({ fields: ['name', 'containerId', 'cpuTimes', 'memory'] });":
    'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: const table = await client.scan({ fields: ['name', 'memory'] });":
    'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: const AS_GOOD_AS_ROOT = ['CAP_SYS_ADMIN', 'CAP_SYS_MODULE', 'CAP_SYS_PTRACE', 'CAP_SYS_RAWIO', 'CAP_DAC_OVERRIDE'] as const;":
    'test/documents/machine.test.ts',
  'site/pages/recipes/machine.md: npx psutil-extra connections --listen --port 8080': 'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: npx psutil-extra scan --json --fields name,exe,exeDeleted | jq -c '.[] | select(.exeDeleted)'":
    'test/documents/machine.test.ts',
  "site/pages/recipes/machine.md: npx psutil-extra scan --ndjson --fields name,fds | jq -c '{ pid, name, fd: .fds[]? } | select(.fd.deleted)'":
    'test/documents/machine.test.ts',
  'site/pages/recipes/machine.md: npx psutil-extra scan --sort -rss | head -11': 'test/documents/machine.test.ts',
  'site/pages/recipes/machine.md: npx psutil-extra scan --json --fields name,uids,capabilities | jq -c \'.[] | select(.uids.effective > 0 and (.capabilities.effective | index("CAP_SYS_ADMIN"))) | { pid, name }\'':
    'test/documents/machine.test.ts',
  'site/pages/recipes/supervise.md: // restart.mts': 'test/documents/supervise.test.ts',
  'site/pages/recipes/supervise.md: // supervise.mts': 'test/documents/supervise.test.ts',
  'site/pages/recipes/supervise.md: // log.mts': 'test/documents/supervise.test.ts',
  'site/pages/recipes/supervise.md: # Waits until the backup has ended, for an hour at most.':
    'test/documents/supervise.test.ts',
  'site/pages/recipes/supervise.md: // stop-tree.mts': 'test/documents/supervise.test.ts',
  'site/pages/recipes/supervise.md: psutil-extra kill --tree --signal INT --grace 10 "$pid"':
    'test/documents/supervise.test.ts',
  'site/pages/recipes/supervise.md: // table.mts': 'test/documents/supervise.test.ts',
  'site/pages/index.md: npm install psutil-extra': 'test/packages/documents.test.ts',
  'site/pages/start.md: npm init -y': 'test/packages/documents.test.ts',
  'site/pages/start.md: umask 022, 1024 open files of 524288': 'test/documents/shown.test.ts',
};

/**
 * What becomes of the scripts of this repository, which a test within them cannot run: where each is run otherwise, as a
 * file and the words that stand there.
 */
export const SCRIPTS: Readonly<Record<string, { readonly in: string; readonly as: string }>> = {
  'npm test': { in: '.ci/run', as: 'step npm test' },
  'npm start': { in: '.ci/run', as: "step bash -c 'npm start >/dev/null'" },
  'npm run lint': { in: '.ci/run', as: 'step npm run lint' },
  'npm run test:installed': { in: '.ci/run', as: 'step npm run test:installed' },
  'npm run prebuild': { in: 'release/src/packages/release.ts', as: "run('npm', ['run', 'prebuild']" },
  'npm run pack:all': { in: '.github/workflows/ci.yml', as: 'run: npm run pack:all' },
  'npm run test:packages': { in: 'release/src/packages/release.ts', as: "run('npm', ['run', 'test:packages']" },
  'npm run test:examples': { in: '.github/workflows/ci.yml', as: 'npm run test:examples' },
};

/** Scripts that nothing but a person runs. Of these a test runs as much as it can: {@link COMMANDS}. */
export const BY_HAND = new Set([
  'npm run test:matrix',
  'npm run test:endurance',
  'npm run test:repeat -- 50',
  'npm run release -- --dry-run',
  'npm run release',
]);

/** The test that runs a block; undefined where none is known. */
export function testOf(snippet: Snippet): string | undefined {
  const named = NAMED[snippet.key];
  if (named !== undefined) return named;
  if (MIGRATION.test(snippet.file) && ['ts', 'js', 'python'].includes(snippet.language)) return MIGRATIONS;
  if (snippet.language === 'ts' || snippet.language === 'js') return PROGRAMS;
  return snippet.language === 'sh' && commandsIn(snippet.code).every(isKnown) ? COMMANDS : undefined;
}

function isKnown(command: string): boolean {
  return /^npx psutil-extra( |$)/.test(command) || command in SCRIPTS || BY_HAND.has(command);
}
