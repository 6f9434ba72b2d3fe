import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ProblemError } from '#shared/model/index.ts'
import { ensureBuilt } from './build.ts'
import { findElectron } from './electron.ts'
import { STARTED } from './marker.ts'
import { type LaunchOptions, readOptions } from './options.ts'

/** A window that has not shown by now will not. */
const START_MS = 60_000

const root = join(import.meta.dirname, '..', '..', '..')
const say = (text: string) => process.stdout.write(`${text}\n`)

/** `npm start`: the desktop window, or where that cannot be, one line that says why and the browser. */
async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const options = readOptions(args)
  await ensureBuilt(root, say)
  const reason = options.server ? null : await tryWindow(options)
  if (reason !== null) say(`No desktop window: ${reason}. Opening in the browser instead.`)
  const server = spawn(process.execPath, [join(root, 'out', 'main', 'server.js'), ...args], { stdio: 'inherit' })
  follow(server)
}

/** Starts the window and stays until it closes. @returns why there is none. */
async function tryWindow(options: LaunchOptions): Promise<string> {
  const found = await findElectron(root, process.env, say)
  if ('missing' in found) return found.missing
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (asRoot) say('Running as root: Chromium can only run without its sandbox (--no-sandbox).')
  const args = [
    ...(asRoot ? ['--no-sandbox'] : []),
    '--require',
    join(root, 'out', 'preload', 'early.cjs'),
    root,
    ...(options.office === null ? [] : [`--office=${options.office}`]),
    ...(options.sample ? ['--sample'] : []),
  ]
  const child = spawn(found.program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let started = false
  let last = ''
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS)
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== STARTED) return say(line)
    started = true
    clearTimeout(timer)
  })
  // Chromium talks to itself on this channel; only the program's own words are passed on.
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^\[\d+:|^\s*$|^DevTools listening/.test(line)) return
    last = line
    if (started) process.stderr.write(`${line}\n`)
  })
  const stop = passSignals(child)
  const ended = await new Promise<{ code: number | null; why: string }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, why: error.message }))
    child.once('close', (code, signal) =>
      resolve({ code, why: last || (signal ? `it ended by ${signal}` : `it ended with code ${code}`) }),
    )
  })
  clearTimeout(timer)
  stop()
  // Code 0 without a window: another window already shows this office and has come forward.
  if (started || ended.code === 0) process.exit(ended.code ?? 1)
  return `Electron could not start (${ended.why})`
}

function follow(child: ChildProcess): void {
  passSignals(child)
  child.once('error', fail)
  child.once('close', (code) => process.exit(code ?? 1))
}

/** Hands the signals that end this program on to the one it started. @returns how to stop doing so. */
function passSignals(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const handlers = signals.map((signal) => {
    const pass = () => {
      child.kill(signal)
    }
    process.on(signal, pass)
    return () => process.off(signal, pass)
  })
  return () => {
    for (const off of handlers) off()
  }
}

function fail(error: unknown): never {
  const known = error instanceof ProblemError || (error instanceof Error && error.message.startsWith('The build failed'))
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

main().catch(fail)
