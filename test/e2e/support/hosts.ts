import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { _electron, type Browser, chromium, type ElectronApplication, type Page } from '@playwright/test'
import { chromiumBinary, electronBinary } from '../../support/needed.ts'
import { type Places, repo } from './places.ts'

/** A running program with one window. */
export interface Running {
  readonly page: Page
  /** The desktop program's main process; null on the server host. */
  readonly electron: ElectronApplication | null
  /** Where the server host is, and a link that has not been used; null in the desktop window. */
  readonly server: { origin: string; link: string } | null
  /** Ends the program as a person would. */
  close(): Promise<void>
}

export interface StartFlags {
  sample?: boolean
}

const asRoot = process.getuid?.() === 0
const noSandbox = asRoot ? ['--no-sandbox'] : []

/**
 * Starts the desktop window on an office.
 * @param flags `through`: a program that starts Electron with the arguments it is given, in surroundings of its own.
 */
export async function startElectron(places: Places, flags: StartFlags & { through?: string } = {}): Promise<Running> {
  const executablePath = flags.through ?? electronBinary()
  if (executablePath === null) throw new Error('There is no Electron to test with.')
  const electron = await _electron.launch({
    executablePath,
    args: [
      ...noSandbox,
      '--require',
      join(repo, 'out', 'preload', 'early.cjs'),
      repo,
      `--office=${places.office}`,
      ...(flags.sample ? ['--sample'] : []),
    ],
    env: places.env,
  })
  const page = await electron.firstWindow()
  return { page, electron, server: null, close: () => electron.close() }
}

export interface Server {
  readonly origin: string
  readonly link: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** Starts the server host on an office, without a browser. */
export async function startServer(places: Places, flags: StartFlags = {}): Promise<Server> {
  const args = ['--office', places.office, '--port', '0', '--no-open', ...(flags.sample ? ['--sample'] : [])]
  const child = spawn(process.execPath, [join(repo, 'out', 'main', 'server.js'), ...args], {
    env: places.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  child.stderr.on('data', (part: Buffer) => said.push(part.toString()))
  const link = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/\S+/.exec(line)
      if (found) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${said.join('')}`)))
  })
  return {
    origin: new URL(link).origin,
    link,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** The browser that the server host is tested with. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = chromiumBinary()
  return await chromium.launch({ ...(executablePath === null ? {} : { executablePath }), args: noSandbox })
}

/** Starts the server host on an office and opens it in a new profile of the browser. */
export async function startInBrowser(browser: Browser, places: Places, flags: StartFlags = {}): Promise<Running> {
  const server = await startServer(places, flags)
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 840 } })
  const page = await context.newPage()
  await page.goto(server.link)
  return {
    page,
    electron: null,
    server,
    async close() {
      await context.close()
      await server.stop()
    },
  }
}
