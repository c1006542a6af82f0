import { defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

/** The tests of the packages for fleets, which start the engines themselves, on loopback: npm run test:engines. */
export default defineConfig({
  test: {
    server: BUILT,
    include: ['test/engines/**/*.test.ts'],
    pool: 'forks',
    // One at a time: engines take ports and memory, and both processors.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
