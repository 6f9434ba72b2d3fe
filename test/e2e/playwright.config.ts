import { defineConfig } from '@playwright/test'

/**
 * The same specs in both windows: `electron` is the desktop window, `chromium` the browser on the server host. Run through
 * `npm test -- e2e`, or one project with `npx playwright test --config test/e2e/playwright.config.ts --project chromium`.
 * What only one of them has (main process, links and cookies) is in `desktop-*` and `browser-*`.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../out/test/e2e',
  globalSetup: './support/build.ts',
  workers: 1,
  forbidOnly: true,
  // A window on a busy machine gets a second try in CI; the runner names each test that needed it.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  projects: [
    { name: 'electron', testIgnore: 'browser-*.spec.ts' },
    { name: 'chromium', testIgnore: 'desktop-*.spec.ts' },
  ],
})
