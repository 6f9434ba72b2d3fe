import { type Browser, test as base, type ElectronApplication, expect, type Page } from '@playwright/test'
import { hiddenDisplay } from '../../support/display.ts'
import { type Running, startBrowser, startElectron, startInBrowser } from './hosts.ts'
import { makePlaces, type Places, placesIn, SHARED_SAMPLE } from './places.ts'

/** The program under test, whichever window it has. */
export interface App {
  /** The window's page. Changes with `restart`. */
  readonly page: Page
  readonly host: 'electron' | 'server'
  readonly places: Places
  /** The desktop program's main process, for what only it can tell; null on the server host. */
  readonly electron: ElectronApplication | null
  readonly server: Running['server']
  /** Closes the program and opens it again on the same office. @returns the new page. */
  restart(): Promise<Page>
  /** Uncaught errors of the page so far; a test that ends with any fails. */
  readonly errors: string[]
}

interface Options {
  /** Start with the sample parliament instead of an empty office. */
  sample: boolean
}
interface Workers {
  display: undefined
  browser_: Browser | null
  sampleOffice: () => Promise<Places>
}

/** `test` with the program running on an office of its own: `app`, and its window as `page`. */
export const test = base.extend<Options & { app: App }, Workers>({
  sample: [false, { option: true }],

  // One for each worker: two windows on one display take the keyboard from each other.
  display: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use, info) => {
      const display = info.project.name === 'electron' ? await hiddenDisplay() : null
      if (display) process.env['DISPLAY'] = display.name
      await use(undefined)
      await display?.stop()
    },
    { scope: 'worker', auto: true },
  ],

  browser_: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use, info) => {
      const browser = info.project.name === 'electron' ? null : await startBrowser()
      await use(browser)
      await browser?.close()
    },
    { scope: 'worker' },
  ],

  // Made once for the whole run (`prepare.ts`), by the same import as anywhere else, and copied for each test.
  sampleOffice: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern.
    async ({}, use) => {
      const root = process.env[SHARED_SAMPLE]
      if (root === undefined) throw new Error('There is no sample office to copy.')
      await use(() => placesIn(root).copy())
    },
    { scope: 'worker' },
  ],

  app: async ({ browser_, sample, sampleOffice }, use) => {
    const places = sample ? await sampleOffice() : await makePlaces()
    const errors: string[] = []
    const start = async () => {
      const running = browser_ ? await startInBrowser(browser_, places) : await startElectron(places)
      running.page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
      return running
    }
    let running = await start()
    const app: App = {
      get page() {
        return running.page
      },
      get electron() {
        return running.electron
      },
      get server() {
        return running.server
      },
      host: browser_ ? 'server' : 'electron',
      places,
      errors,
      async restart() {
        await running.close()
        running = await start()
        return running.page
      },
    }
    await use(app)
    await running.close()
    await places.remove()
    expect(errors).toEqual([])
  },

  page: async ({ app }, use) => {
    await use(app.page)
  },
})

export { expect }
