import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { findProgram } from './needed.ts'

export interface Display {
  /** What `DISPLAY` is to be. */
  name: string
  stop(): Promise<void>
}

/** The display that there is, or one of our own. @returns null where there is neither one nor Xvfb. */
export async function openDisplay(): Promise<Display | null> {
  if (process.env['DISPLAY']) return { name: process.env['DISPLAY'], stop: () => Promise.resolve() }
  return await hiddenDisplay()
}

/** A display that nobody sees, with nothing else on it. @returns null where there is no Xvfb. */
export async function hiddenDisplay(): Promise<Display | null> {
  const program = process.platform === 'linux' ? findProgram('Xvfb') : null
  if (program === null) return null
  const child: ChildProcess = spawn(program, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const gone = once(child, 'exit')
  const pipe = child.stdio[3]
  if (!pipe || !('once' in pipe)) throw new Error('Xvfb has no pipe to say its number on.')
  const number = await Promise.race([
    once(pipe, 'data').then(([text]) => String(text).trim()),
    gone.then(([code]) => Promise.reject(new Error(`Xvfb ended with ${code}.`))),
  ])
  return {
    name: `:${number}`,
    async stop() {
      child.kill()
      await gone
    },
  }
}
