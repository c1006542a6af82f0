// Runs the suite and a system's own tests over an addon, in a separate Node.
import { access } from 'node:fs/promises';
import { runGroup } from './group.mjs';
import { REPOSITORY, SIMULATION } from './systems.mjs';

// A test that hangs must end as a failure.
const TIMEOUT = 120_000;

/** Resolves to whether they passed, how many passed, and the output. */
export async function runTests(system, addon, { environment = {}, options = [] } = {}) {
  const own = `test/systems/${system.name}`;
  const files = ['test/systems/contract', `${own}/`];
  await access(`${REPOSITORY}${own}/promised.ts`).catch(() => {
    throw new Error(`${own}/promised.ts is missing`);
  });
  const { code, output } = await runGroup(
    process.execPath,
    [
      `${REPOSITORY}node_modules/vitest/vitest.mjs`,
      'run',
      '--config',
      'vitest.systems.config.ts',
      ...options,
      ...files,
    ],
    {
      cwd: REPOSITORY,
      env: { ...process.env, FORCE_COLOR: '0', ...environment, PSUTIL_EXTRA_ADDON: addon },
    },
    TIMEOUT,
  );
  const passed = Number(/Tests .*?(\d+) passed/.exec(output)?.[1] ?? 0);
  return { ok: code === 0 && passed > 0, passed, output };
}

/** The environment for an addon with sanitizers, whose library must be loaded before Node. */
export function sanitized(toolchain, counts) {
  return {
    LD_PRELOAD: toolchain.asan,
    ASAN_OPTIONS: 'detect_leaks=1',
    LSAN_OPTIONS: `suppressions=${SIMULATION}leaks.txt:print_suppressions=0`,
    UBSAN_OPTIONS: 'print_stacktrace=1',
    LLVM_PROFILE_FILE: `${counts}/%p.profraw`,
  };
}
