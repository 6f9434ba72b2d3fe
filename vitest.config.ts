import { defineConfig } from 'vitest/config'

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
