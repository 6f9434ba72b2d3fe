import { setTimeout as pause } from 'node:timers/promises'
import { expect, type Page } from '@playwright/test'
import { connectControl } from '#hosts/control.ts'
import { ensureBuilt } from '#hosts/launch/build.ts'
import { type Running, startBrowser, startElectron, startInBrowser } from '../test/e2e/support/hosts.ts'
import { makePlaces, type Places, repo } from '../test/e2e/support/places.ts'
import { type Display, openDisplay } from '../test/support/display.ts'
import { dovecotMissing, startDovecot } from '../test/support/dovecot.ts'
import { chromiumBinary, electronBinary } from '../test/support/needed.ts'
import { mailCorpus } from './corpus.ts'
import { blankFrames, settleTime, type Watched, watchFrames } from './frames.ts'
import { largeOffice } from './million.ts'
import { type BenchRow, bounded, percentile } from './row.ts'

const GROUP = 'scroll'
const CONVERSATIONS = 100_000
const MESSAGES = 20_000
/** Turns of the wheel, strokes of a page key, and places that the scroll bar is dragged to. */
const TURNS = 300
const STROKES = 120
const DRAGS = 40
/** A key that is held down repeats about this often. */
const REPEAT_MS = 33

/**
 * What a person sees of speed in the real window: Electron where there is one, else Chromium on the server host. The longest
 * task on the page's main thread while 20,000 messages come in, and frames with a blank row while a long list is scrolled.
 */
export async function run(): Promise<BenchRow[]> {
  const display = electronBinary() === null ? null : await openDisplay()
  if (display === null && chromiumBinary() === null) {
    return [leftOut('scroll.wheel.blank', 'there is neither Electron with a display nor Chromium')]
  }
  await ensureBuilt(repo, (line) => console.error(line))
  try {
    return [...(await duringSync(display)), ...(await scrolling(display))]
  } finally {
    await display?.stop()
  }
}

async function duringSync(display: Display | null): Promise<BenchRow[]> {
  const missing = dovecotMissing()
  if (missing !== null) return [leftOut('scroll.sync.longest', missing)]
  const server = await startDovecot()
  const places = await makePlaces()
  const window = await open(places, display)
  try {
    server.deliver(mailCorpus(MESSAGES))
    const { page } = window
    await page.locator('h2').first().waitFor()
    const control = await connectControl(places.office)
    if (!control) throw new Error('The program does not answer at its control socket.')
    const { client } = control
    const identity = await client.identities.add({ name: 'Office', voice: 'institutional', shape: null, color: null })
    const add = async () => {
      const account = await client.accounts.addMail({
        identityId: identity.id,
        label: null,
        address: `${server.user}@example.invalid`,
        user: server.user,
        imap: { host: server.host, port: server.imap, security: 'none' },
        smtp: null,
        folders: ['INBOX'],
        ca: null,
        acceptFingerprint: null,
        login: { kind: 'password', password: server.password },
      })
      const [report] = await client.accounts.sync({ id: account.id })
      if (report?.problem) throw new Error(`The sync failed: ${report.problem.code}`)
    }
    const watched = await watch(page, () => useWhile(page, add()))
    control.close()
    return [
      bounded(
        {
          id: 'scroll.sync.longest',
          group: GROUP,
          value: longest(watched),
          unit: 'ms',
          against: about(window, `longest task while ${MESSAGES} messages come in`),
        },
        '<=',
        100,
      ),
      told('scroll.sync.input.p95', percentile(watched.inputs, 95), 'ms', 'from a key to the next frame meanwhile'),
    ]
  } finally {
    await window.close()
    await places.remove()
    await server.stop()
  }
}

/** Works through the list as somebody would while the sync runs. */
async function useWhile(page: Page, sync: Promise<unknown>): Promise<void> {
  let over = false
  const end = sync.then(() => {
    over = true
  })
  await page.locator('#inbox-list .row[id]').first().waitFor()
  await page.locator('#inbox-list').focus()
  while (!over) {
    for (const key of ['j', 'j', 'j', 'k']) {
      await page.keyboard.press(key)
      await pause(150)
    }
  }
  await end
}

async function scrolling(display: Display | null): Promise<BenchRow[]> {
  const { dir, data } = await largeOffice(CONVERSATIONS)
  const places: Places = {
    office: dir,
    data,
    env: { ...clean(process.env), DISPATCH_DATA: data, DISPATCH_SECRETS: 'file', LANG: 'en_GB.UTF-8', LANGUAGE: 'en' },
    copy: () => Promise.reject(new Error('It is kept where it is.')),
    remove: () => Promise.resolve(),
  }
  const window = await open(places, display)
  try {
    const { page } = window
    const list = page.locator('#inbox-list')
    await page.locator('#inbox-list .row[id]').first().waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    // The whole length is known, and what is read ahead is there.
    await expect.poll(() => list.evaluate((element) => element.scrollHeight)).toBeGreaterThan(1_000_000)
    await page.waitForTimeout(500)

    const box = await list.boundingBox()
    if (!box) throw new Error('There is no list.')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    const wheel = await watch(page, async () => {
      for (let turn = 0; turn < TURNS; turn++) await page.mouse.wheel(0, 120)
    })
    const keys = await watch(page, async () => {
      await list.focus()
      for (let stroke = 0; stroke < STROKES; stroke++) {
        await page.keyboard.press(stroke < STROKES * 0.75 ? 'PageDown' : 'PageUp')
        await pause(REPEAT_MS)
      }
    })
    return [...moved('wheel', wheel, window, true), ...moved('keys', keys, window, true), ...(await dragging(window, box))]
  } finally {
    await window.close()
  }
}

/** Takes the scroll bar by its grip and draws it from the top to the end. */
async function dragging(window: Window, box: { x: number; y: number; height: number }): Promise<BenchRow[]> {
  const { page } = window
  const list = page.locator('#inbox-list')
  const bar = await list.evaluate((element) => element.getBoundingClientRect().width - element.clientWidth)
  if (bar < 4) return [leftOut('scroll.drag.blank', `${window.name} shows no scroll bar here`)]
  const x = box.x + (await list.evaluate((element) => element.clientWidth)) + bar / 2
  await page.mouse.wheel(0, -10_000_000)
  const drag = await watch(page, async () => {
    const grip = await list.evaluate((element) => (element.scrollTop / element.scrollHeight) * element.clientHeight)
    await page.mouse.move(x, box.y + 20 + grip)
    await page.mouse.down()
    for (let step = 1; step <= DRAGS; step++) await page.mouse.move(x, box.y + 20 + ((box.height - 60) * step) / DRAGS)
    await page.mouse.up()
  })
  return [
    ...moved('drag', drag, window, false),
    told('scroll.drag.settle', settleTime(drag.frames), 'ms', 'from the end of the drag until every row has its words'),
  ]
}

function moved(by: string, watched: Watched, window: Window, wanted: boolean): BenchRow[] {
  const { frames } = watched
  const way = frames.slice(1).reduce((sum, frame, i) => sum + Math.abs(frame.top - (frames[i]?.top ?? 0)), 0)
  if (way < 1000) throw new Error(`nothing was scrolled by ${by}`)
  const against = about(window, `${frames.length} frames over ${Math.round(way / (frames[0]?.rowHeight ?? 1))} rows`)
  const row = { id: `scroll.${by}.blank`, group: GROUP, value: blankFrames(frames, by === 'wheel'), unit: 'frames', against }
  return [
    wanted ? bounded(row, '<=', 0) : { ...row, goal: null, ok: null },
    told(`scroll.${by}.longest`, longest(watched), 'ms', 'longest task of the page’s main thread; 0 stands for less than 50'),
  ]
}

interface Window extends Running {
  name: string
}

async function open(places: Places, display: Display | null): Promise<Window> {
  if (display) {
    const env = { ...places.env, DISPLAY: display.name }
    return { ...(await startElectron({ ...places, env })), name: 'Electron' }
  }
  const browser = await startBrowser()
  const running = await startInBrowser(browser, places)
  return {
    ...running,
    name: 'Chromium',
    async close() {
      await running.close()
      await browser.close()
    },
  }
}

async function watch(page: Page, work: () => Promise<void>): Promise<Watched> {
  const watching = await page.evaluateHandle(watchFrames)
  await work()
  // What the last stroke set off belongs to it.
  await page.waitForTimeout(300)
  return await watching.evaluate((one) => one.stop())
}

const longest = ({ tasks }: Watched): number => Math.max(0, ...tasks)
const about = (window: Window, what: string): string => `${what}, ${window.name}`

function told(id: string, value: number, unit: string, against: string): BenchRow {
  return { id, group: GROUP, value, unit, goal: null, ok: null, against }
}

function leftOut(id: string, reason: string): BenchRow {
  return { id, group: GROUP, value: 0, unit: '', goal: null, ok: null, against: `left out: ${reason}` }
}

function clean(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
}
