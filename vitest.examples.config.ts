import { defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

/** The tests of examples/, which want a browser and a Prometheus: npm run test:examples. */
export default defineConfig({
  test: {
    server: BUILT,
    include: ['test/examples/**/*.test.ts'],
    pool: 'forks',
    // One at a time: they measure, and a browser alone wants both processors.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
