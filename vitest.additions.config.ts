import { defineConfig } from 'vitest/config';

/** Adds fields to a copy of the repository, as CONTRIBUTING.md says, and compiles it: npm run test:additions. */
export default defineConfig({
  test: {
    include: ['test/additions/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
  },
});
