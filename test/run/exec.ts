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

/**
 * Runs a program without standard input in a process group of its own, which is ended at the time limit, and keeps what
 * it printed (both streams, in order) in memory and in `log`; `watch` sees it as it comes. `node` in it is the Node that runs this. A program that
 * cannot be started is a result like any other: code null, with the reason as output.
 */
export function exec(
  command: string,
  args: string[],
  options: { log?: string; env?: Record<string, string>; limitMinutes: number; watch?: (text: string) => void },
): Promise<Ran> {
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
  const timer = setTimeout(() => {
    timedOut = true
    endGroup(child)
  }, options.limitMinutes * 60_000)
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8')
    stream.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk)
      output += text
      log?.write(text)
      options.watch?.(text)
    })
  }
  return new Promise((resolve) => {
    const finish = (code: number | null) => {
      clearTimeout(timer)
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
export function execPackage(script: string, args: string[], options: Parameters<typeof exec>[2]): Promise<Ran> {
  return exec(process.execPath, [join(repo, 'node_modules', script), ...args], options)
}
