import { defineConfig } from 'vitest/config'

/** The kit on a mutant only: never part of an ordinary run. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['run.ts'], maxWorkers: 1, testTimeout: 60_000 },
})
