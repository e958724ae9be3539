import { defineConfig } from 'vitest/config';

/** Unit and integration tests; test/e2e has a configuration of its own. */
export default defineConfig({
  resolve: { conditions: ['millrace-source'] },
  ssr: { resolve: { conditions: ['millrace-source', 'node'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/e2e/**', 'test/page/**'],
    // Processes, not threads: native modules, signals and process.exit are under test.
    pool: 'forks',
    maxWorkers: 2,
    // A list of findings is of use only when it is whole.
    chaiConfig: { truncateThreshold: 4000 },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
