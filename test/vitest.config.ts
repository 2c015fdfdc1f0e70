import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './support/long-files-first.ts';

// Hundreds of processes are started from the TypeScript sources: with a cache of what is compiled, each in half the time.
process.env['NODE_COMPILE_CACHE'] ??= resolve('.data/compile-cache');

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
    sequence: { sequencer: LongFilesFirst },
  },
});
