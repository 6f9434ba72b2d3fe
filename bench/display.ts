import { spawn } from 'node:child_process'
import { findProgram } from '../test/support/needed.ts'

export interface Display {
  /** What `DISPLAY` is to be. */
  name: string
  stop(): void
}

/** The display that there is, or one of our own. @returns null where there is neither one nor Xvfb. */
export async function openDisplay(): Promise<Display | null> {
  if (process.env.DISPLAY) return { name: process.env.DISPLAY, stop: () => undefined }
  const program = findProgram('Xvfb')
  if (program === null) return null
  const child = spawn(program, ['-displayfd', '3', '-screen', '0', '1400x1000x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const pipe = child.stdio[3]
  if (!pipe || !('once' in pipe)) return null
  const number = await new Promise<string>((resolve, reject) => {
    pipe.once('data', (text: Buffer) => resolve(text.toString().trim()))
    child.once('exit', () => reject(new Error('Xvfb ended')))
  })
  return { name: `:${number}`, stop: () => child.kill() }
}
