import { configDefaults, defineConfig } from 'vitest/config';
import { BUILT } from './vitest.built.js';

export default defineConfig({
  test: {
    server: BUILT,
    include: ['test/**/*.test.ts'],
    // A system's own tests need its simulated kernel: see vitest.systems.config.ts. Those of packages need a network and
    // cross-compiled binaries: npm run test:packages. Those of examples need a browser: npm run test:examples. Those of
    // additions compile a copy of the repository: npm run test:additions. Those of engines start servers: npm run
    // test:engines.
    exclude: [
      ...configDefaults.exclude,
      'test/systems/!(contract)/**',
      'test/packages/**',
      'test/examples/**',
      'test/additions/**',
      'test/engines/**',
    ],
    // Threads of vitest's own would share a process with the pools under test, and with what they do to it.
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['test/bundles.setup.ts'],
    setupFiles: ['test/coverage.setup.ts'],
    // Longer than the deadlines of the programs that tests run, which say more about one that hangs.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: 'test/tsconfig.json' },
  },
});
