import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { connectControl } from '#hosts/control.ts'
import { ensureBuilt } from '#hosts/launch/build.ts'
import type { Client } from '#shared/contract/client.ts'
import { openDisplay } from '../support/display.ts'
import { electronBinary } from '../support/needed.ts'
import { type Screen, type Stage, screens } from './screens-list.ts'
import { type Look, lookName, readOptions } from './screens-options.ts'
import { startElectron } from './support/hosts.ts'
import { makePlaces, type Places, repo } from './support/places.ts'
import { makeSample } from './support/sample.ts'

/*
 * `npm run screens [-- NAME...] [--language fr,ar] [--scheme dark] [--forced] [--zoom 2] [--size 640x900]`: writes a picture
 * of every screen of the desktop window to `out/screens/`. Needs Electron and a display, or Xvfb instead of one.
 */

/** The first start on a busy machine. */
const START_MS = 60_000

const out = join(repo, 'out', 'screens')

async function main(): Promise<void> {
  const { names, looks } = readOptions(process.argv.slice(2))
  const chosen = names.length === 0 ? screens : screens.filter(({ name }) => names.includes(name))
  await ensureBuilt(repo, console.log)
  if (names.length === 0) await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const sample = await makeSample()
  const problems: string[] = []
  for (const look of looks) {
    for (const screen of chosen) {
      // An office of its own for each, so that no picture shows what another one did.
      const places = screen.office === 'sample' ? await sample.copy() : await makePlaces()
      const file = `${screen.name}-${lookName(look)}.png`
      const failure = await picture(screen, look, places, join(out, file))
      if (failure !== null) problems.push(`${file}: ${failure}`)
      console.log(file)
      await places.remove()
    }
  }
  await sample.remove()
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}

/** @returns what went wrong on the way; a picture is taken all the same. */
async function picture(screen: Screen, look: Look, places: Places, file: string): Promise<string | null> {
  const undo: (() => Promise<void>)[] = []
  const failures: string[] = []
  await screen.before?.(places)
  const { page, electron, close } = await startElectron(places)
  page.on('pageerror', (error) => failures.push(error.message))
  try {
    if (!electron) throw new Error('There is no desktop window.')
    const first = screen.office === 'sample' ? page.locator('#inbox-list .row[id]').first() : page.locator('h2').first()
    await first.waitFor({ timeout: START_MS })
    const stage: Stage = {
      page,
      electron,
      client: (work) => withOffice(places, work),
      after: (work) => undo.push(work),
    }
    await dress(stage, look)
    await first.waitFor({ timeout: START_MS })
    // Where the pointer happens to be must not show.
    await page.mouse.move(0, 0)
    await screen.go(stage)
    // Fonts and pictures of the page, then what it still draws.
    await page.evaluate(async () => {
      await document.fonts.ready
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    })
  } catch (error) {
    failures.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
  }
  if (electron) await writeFile(file, await capture(electron))
  await close()
  for (const work of undo.reverse()) await work()
  return failures.length > 0 ? failures.join('; ') : null
}

/** The window's page as the person sees it, at any zoom. */
async function capture(electron: ElectronApplication): Promise<Buffer> {
  const png = await electron.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage()
    return image?.toPNG().toString('base64')
  })
  if (png === undefined) throw new Error('There is no window.')
  return Buffer.from(png, 'base64')
}

async function dress({ page, electron, client }: Stage, look: Look): Promise<void> {
  await page.emulateMedia({
    colorScheme: look.scheme,
    reducedMotion: 'reduce',
    forcedColors: look.forced ? 'active' : 'none',
  })
  const { size, zoom } = look
  await electron.evaluate(
    ({ BrowserWindow }, wanted) => {
      const [window] = BrowserWindow.getAllWindows()
      if (wanted.size) window?.setContentSize(wanted.size.width, wanted.size.height)
      window?.webContents.setZoomFactor(wanted.zoom)
    },
    { size, zoom },
  )
  if (look.language === 'en') return
  await client((office) => office.office.setPreference({ name: 'language', value: look.language }))
  await page.reload()
}

async function withOffice<Result>(places: Places, work: (client: Client) => Promise<Result>): Promise<Result> {
  // The window can be there a moment before the program has opened its socket.
  const until = Date.now() + START_MS
  let control = await connectControl(places.office)
  while (!control && Date.now() < until) control = await connectControl(places.office)
  if (!control) throw new Error('The program does not answer at its control socket.')
  try {
    return await work(control.client)
  } finally {
    control.close()
  }
}

const display = electronBinary() === null ? null : await openDisplay()
if (display === null) {
  console.error('Pictures need Electron, and a display or Xvfb.')
  process.exitCode = 1
} else {
  process.env['DISPLAY'] = display.name
  try {
    await main()
  } finally {
    await display.stop()
  }
}
