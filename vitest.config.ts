import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Threads and programs that the tests start read what was compiled once, instead of every source each time.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/dispatch-test')

/** Unit, property, contract and connector tests. The end-to-end specs (`*.spec.ts`) belong to Playwright. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    restoreMocks: true,
  },
})
