import { defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

/** The tests of endurance at their full length, and those that are too long or too large for `npm test`. */
export default defineConfig({
  test: {
    server: BUILT,
    include: ['test/endurance/**/*.test.ts', 'test/endurance/**/*.long.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 900_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
    env: { PSUTIL_EXTRA_ENDURANCE: 'long' },
  },
});
