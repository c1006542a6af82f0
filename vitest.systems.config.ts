import { defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

/** The tests of simulated systems: packages/native/simulation/run.mjs names the addon and the files. */
export default defineConfig({
  test: {
    server: BUILT,
    include: ['test/systems/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    setupFiles: ['test/systems/profile.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
