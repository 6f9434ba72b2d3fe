import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { electronBinary } from '../support/needed.ts'
import { type App, expect, test } from './support/app.ts'
import { startElectron, startServer } from './support/hosts.ts'
import { repo } from './support/places.ts'
import { rawFrames } from './support/raw.ts'

const status = [{ text: '{"i":"1","p":{"u":"/office/status","b":{}}}' }]

test('an engine that was killed is started again, until it happens too often', async ({ app, page }) => {
  const electron = app.electron
  if (!electron) throw new Error('This spec is for the desktop window.')
  await electron.evaluate(({ dialog }) => {
    Object.assign(globalThis, { told: 0 })
    dialog.showMessageBox = () => {
      Object.assign(globalThis, { told: 1 })
      // Nobody answers.
      return new Promise(() => undefined)
    }
  })
  for (let crash = 1; crash <= 4; crash++) {
    await kill(app)
    expect(await rawFrames(page, status)).toMatchObject([{ answer: { b: { json: { host: 'electron' } } } }])
  }
  await kill(app)
  await expect.poll(() => electron.evaluate(() => (globalThis as unknown as { told: number }).told)).toBe(1)
  // There is no engine any more, and main says so at once.
  await expect(rawFrames(page, status)).rejects.toThrow('no port')
})

test('a second start brings the first window forward instead of opening the office twice', async ({ app }) => {
  const args = ['--require', join(repo, 'out', 'preload', 'early.cjs'), repo, `--office=${app.places.office}`]
  const second = spawn(electronBinary() ?? '', process.getuid?.() === 0 ? ['--no-sandbox', ...args] : args, {
    env: app.places.env,
    stdio: 'ignore',
  })
  expect(await once(second, 'exit')).toEqual([0, null])
  expect(await rawFrames(app.page, status)).toMatchObject([{ answer: { b: { json: { host: 'electron' } } } }])
})

test('the window comes back where it was', async ({ app }) => {
  const box = { x: 40, y: 30, width: 900, height: 700 }
  await app.electron?.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), box)
  await app.restart()
  expect(await app.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toEqual(box)
})

test('an office that another program has open is told of in words, and opens once that has gone', async ({ app, page }) => {
  void page
  const places = await app.places.copy()
  const owner = await startServer(places)
  const second = await startElectron(places)
  await expect(second.page.getByText(`This office is open in another process (${owner.process.pid}`)).toBeVisible({
    timeout: 30_000,
  })
  await owner.stop()
  await second.page.getByRole('button', { name: 'Try again' }).click()
  await expect(second.page.getByRole('heading', { name: 'Who do you answer for?' })).toBeVisible({ timeout: 30_000 })
  await second.close()
  await places.remove()
})

/** Ends the engine's process as a crash would, and waits until it has gone. */
async function kill(app: App): Promise<void> {
  const pid = await app.electron?.evaluate(
    ({ app: program }) => program.getAppMetrics().find((one) => one.name === 'dispatch-engine')?.pid,
  )
  if (pid === undefined) throw new Error('There is no engine to end.')
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => app.electron?.evaluate(({ app: program }, old) => program.getAppMetrics().some((one) => one.pid === old), pid))
    .toBe(false)
}
