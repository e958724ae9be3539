import { defineConfig } from 'vitest/config';

/** Real servers and worker processes: one file after the other, so that they do not starve each other of the processor. */
export default defineConfig({
  resolve: { conditions: ['millrace-source'] },
  ssr: { resolve: { conditions: ['millrace-source', 'node'] } },
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/page/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    // Kills and restarts mostly wait for processes to start: some side by side.
    maxConcurrency: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
