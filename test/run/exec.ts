import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'

/** The top of the project. */
export const repo = join(import.meta.dirname, '../..')

export interface Ran {
  /** Null when the process was ended by a signal or the time limit. */
  code: number | null
  output: string
  /** It was ended, because it took too long or did not end after its last words. */
  timedOut: boolean
  seconds: number
}

const running = new Set<ChildProcess>()

/** Ends every process that `exec` still has running, with its children. */
export function endAll(): void {
  for (const child of running) endGroup(child)
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export interface ExecOptions {
  log?: string
  env?: Record<string, string>
  limitMinutes: number
  /** Sees the output as it comes. */
  watch?: (text: string) => void
  /** What it prints last. It is ended when it is still there half a minute later: something that it started was left behind. */
  lastWords?: string
}
/** Time to end after the last words, in ms. */
const GRACE_MS = 30_000

/**
 * Runs a program without standard input in a process group of its own, which is ended at the time limit, and keeps what
 * it printed (both streams, in order) in memory and in `log`. `node` in it is the Node that runs this. A program that
 * cannot be started is a result like any other: code null, with the reason as output.
 */
export function exec(command: string, args: string[], options: ExecOptions): Promise<Ran> {
  const start = performance.now()
  const log = options.log === undefined ? null : createWriteStream(options.log)
  const path = dirname(process.execPath) + delimiter + (process.env['PATH'] ?? '')
  const child = spawn(command, args, {
    cwd: repo,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...options.env, PATH: path },
  })
  running.add(child)
  let output = ''
  let timedOut = false
  const giveUp = () => {
    timedOut = true
    endGroup(child)
  }
  const timer = setTimeout(giveUp, options.limitMinutes * 60_000)
  let grace: NodeJS.Timeout | null = null
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8')
    stream.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk)
      output += text
      log?.write(text)
      options.watch?.(text)
      if (options.lastWords && grace === null && output.includes(options.lastWords)) grace = setTimeout(giveUp, GRACE_MS)
    })
  }
  return new Promise((resolve) => {
    const finish = (code: number | null) => {
      clearTimeout(timer)
      clearTimeout(grace ?? undefined)
      running.delete(child)
      log?.end()
      resolve({ code, output, timedOut, seconds: (performance.now() - start) / 1000 })
    }
    child.on('error', (error) => {
      output += error.message
      finish(null)
    })
    child.on('close', (code) => finish(code))
  })
}

/** Runs a program that comes with a package of the lock file, on the Node that runs this. */
export function execPackage(script: string, args: string[], options: ExecOptions): Promise<Ran> {
  return exec(process.execPath, [join(repo, 'node_modules', script), ...args], options)
}
