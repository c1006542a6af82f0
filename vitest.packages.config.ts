import { defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

export default defineConfig({
  test: {
    server: BUILT,
    include: ['test/packages/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
