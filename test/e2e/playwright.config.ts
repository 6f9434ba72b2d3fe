import { defineConfig } from '@playwright/test'
import { findProgram } from '../support/needed.ts'

/** Two desktop windows at once need a display each; without Xvfb there is only the one of whoever is at the machine. */
const hidden = process.platform === 'linux' && findProgram('Xvfb') !== null

/**
 * The same specs in both windows: `electron` is the desktop window, `chromium` the browser on the server host. Run through
 * `npm test -- e2e`, or one project with `npx playwright test --config test/e2e/playwright.config.ts --project chromium`.
 * What only one of them has (main process, links and cookies) is in `desktop-*` and `browser-*`.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../out/test/e2e',
  globalSetup: './support/prepare.ts',
  // Each test has an office, a program and a window of its own, so that two may run at once.
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // A window on a busy machine gets a second try in CI; the runner names each test that needed it.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  projects: [
    { name: 'electron', testIgnore: 'browser-*.spec.ts', workers: hidden ? 2 : 1 },
    { name: 'chromium', testIgnore: 'desktop-*.spec.ts' },
  ],
})
