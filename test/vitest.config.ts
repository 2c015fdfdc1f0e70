import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/redis-setup.ts', 'test/support/build-setup.ts'],
    setupFiles: ['test/support/leak-guard.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    maxWorkers: 2,
  },
});
