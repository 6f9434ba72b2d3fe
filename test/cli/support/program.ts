import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

export interface Ended {
  code: number
  stdout: string
  stderr: string
  /** What stdout got, for output that is no text. */
  bytes: Uint8Array
}

/** A program that is running. */
export interface Running {
  child: ChildProcess
  /** Resolves when stdout or stderr holds the text. @throws when the program ends before. */
  says(text: string): Promise<void>
  ended: Promise<Ended>
}

/** Text and bytes of what was gathered as latin1. */
export function texts(said: { stdout: string; stderr: string }): Omit<Ended, 'code'> {
  const bytes = Buffer.from(said.stdout, 'latin1')
  return { stdout: bytes.toString('utf8'), stderr: Buffer.from(said.stderr, 'latin1').toString('utf8'), bytes }
}

/** Starts a TypeScript file of the project in a process of its own, as its npm script does. */
export function startProgram(env: NodeJS.ProcessEnv, cwd: string, file: string, args: readonly string[]): Running {
  const boot = Number(process.versions.node.split('.')[0]) < 24 ? [join(root, 'src-main/hosts/launch/boot.cjs')] : []
  const child = spawn(process.execPath, [...boot, join(root, file), ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (part: Buffer) => {
      // Bytes stay bytes in latin1, until the end.
      said[name] += part.toString('latin1')
      for (const watch of watchers) watch()
    })
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, ...texts(said) }))
  })
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!said.stdout.includes(text) && !said.stderr.includes(text)) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
      ended.then(
        (end) => reject(new Error(`ended with ${end.code} before it said "${text}": ${end.stdout}${end.stderr}`)),
        reject,
      )
    })
  return { child, says, ended }
}
