import { defineConfig } from 'vitest/config';

/** The suite without its build: a mutation may fail the type check, and a failing build would prove nothing. */
export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/redis-setup.ts'],
    setupFiles: ['test/support/leak-guard.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['./test/support/closing-line-reporter.ts'],
    maxWorkers: 2,
  },
});
