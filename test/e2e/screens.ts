import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBuilt } from '#hosts/launch/build.ts'
import { electronBinary, findProgram } from '../support/needed.ts'
import { screens } from './screens-list.ts'
import { startElectron } from './support/hosts.ts'
import { makePlaces, repo } from './support/places.ts'
import { makeSample } from './support/sample.ts'

/*
 * `npm run screens [-- NAME...]`: writes a picture of every screen of the desktop window, light and dark, to `out/screens/`.
 * Needs Electron and a display, or xvfb-run instead of one.
 */

/** The first start on a busy machine. */
const START_MS = 60_000

const out = join(repo, 'out', 'screens')

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const chosen = wanted.length === 0 ? screens : screens.filter(({ name }) => wanted.includes(name))
  await ensureBuilt(repo, console.log)
  if (wanted.length === 0) await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  const sample = await makeSample()
  const problems: string[] = []
  for (const scheme of ['light', 'dark'] as const) {
    for (const office of ['empty', 'sample'] as const) {
      for (const screen of chosen.filter((one) => one.office === office)) {
        // An office of its own for each, so that no picture shows what another one did.
        const places = office === 'sample' ? await sample.copy() : await makePlaces()
        const { page, close } = await startElectron(places)
        page.on('pageerror', (error) => problems.push(`${screen.name}: ${error.message}`))
        try {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
          const first =
            office === 'sample' ? page.locator('#inbox-list').getByRole('option').first() : page.getByRole('heading').first()
          await first.waitFor({ timeout: START_MS })
          await screen.go(page)
          // Fonts and pictures of the page, then what it still draws.
          await page.evaluate(async () => {
            await document.fonts.ready
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
          })
        } catch (error) {
          problems.push(`${screen.name} (${scheme}): ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
        }
        await page.screenshot({ path: join(out, `${screen.name}-${scheme}.png`) })
        console.log(`${screen.name}-${scheme}.png`)
        await close()
        await places.remove()
      }
    }
  }
  await sample.remove()
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}

if (electronBinary() === null) {
  console.error('There is no Electron here to take pictures of.')
  process.exitCode = 1
} else if (process.platform === 'linux' && !process.env['DISPLAY'] && findProgram('xvfb-run')) {
  const child = spawn('xvfb-run', ['-a', '-s', '-screen 0 1400x1000x24', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
  })
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
} else await main()
