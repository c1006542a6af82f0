import { defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

/** The client's whole suite over an addon that a sanitizer looks into: see test/sanitizers/run.mjs. */
export default defineConfig({
  test: {
    server: BUILT,
    // The rest starts programs that find an addon of their own: the command, and the package as it is installed.
    include: ['test/{contract,native,worker}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/sanitizers/preload.setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { PSUTIL_EXTRA_PATIENCE: '100000' },
  },
});
