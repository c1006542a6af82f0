// The client's suite over an addon that AddressSanitizer, LeakSanitizer and UBSan look into:
// `node test/sanitizers/run.mjs [file …]`. The sanitizers' output is kept apart from the tests': Node leaks at its
// end, by intent, and only our addon counts.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSanitizedAddon } from '../../packages/native/check/addon.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** A frame of the addon: named by its library if the functions have no symbols, otherwise by the function. */
const OURS = /psutil_extra|psutil::|src\/(?:binding|core|platform)\//;
/** A frame of V8, which allocates its own memory for the objects that it creates. */
const OF_V8 = /\bv8::internal::/;

const { addon, library } = await buildSanitizedAddon('address');
const folder = await mkdtemp(join(tmpdir(), 'psutil-extra-sanitizers-'));
try {
  const log = `log_path=${join(folder, 'log')}`;
  const vitest = spawn(
    process.execPath,
    [
      join(REPOSITORY, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'vitest.sanitizers.config.ts',
      ...process.argv.slice(2),
    ],
    {
      cwd: REPOSITORY,
      env: {
        ...process.env,
        LD_PRELOAD: library,
        ASAN_OPTIONS: `detect_leaks=1:${log}`,
        LSAN_OPTIONS: 'exitcode=0',
        UBSAN_OPTIONS: `print_stacktrace=1:${log}`,
        PSUTIL_EXTRA_ADDON: addon,
      },
      stdio: 'inherit',
    },
  );
  const code = await new Promise((resolve, reject) => vitest.on('error', reject).on('close', resolve));
  const found = await findings();
  for (const finding of found.slice(0, 5)) console.error(`\n${finding}`);
  console.log(`sanitizers: ${found.length} findings`);
  process.exitCode = code === 0 && found.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Every error, and every leak of what our addon has allocated. */
async function findings() {
  const found = [];
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    const [errors, ...leaks] = text.split(/(?=^(?:Direct|Indirect) leak)/m);
    if (/ERROR: AddressSanitizer|runtime error/.test(errors)) found.push(errors);
    found.push(...leaks.filter(isOurs));
  }
  return found;
}

/** The caller of the allocating function is ours, and not V8 on our behalf. */
function isOurs(leak) {
  const frames = leak.split('\n');
  const [ours, ofV8] = [OURS, OF_V8].map((pattern) => frames.findIndex((frame) => pattern.test(frame)));
  return ours >= 0 && (ofV8 < 0 || ours < ofV8);
}
