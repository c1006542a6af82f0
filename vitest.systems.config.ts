import { defineConfig } from 'vitest/config';

/** The tests of simulated systems: packages/native/simulation/run.mjs names the addon and the files. */
export default defineConfig({
  test: {
    include: ['test/systems/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    setupFiles: ['test/systems/profile.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
