import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { programRoot } from '../../threads.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'

/** What npm start runs, on whichever Node this is. */
const launcher = [join(programRoot, 'src-main', 'hosts', 'launch', 'boot.cjs'), join('src-main', 'hosts', 'launch', 'start.ts')]

export function openCommand(cli: Cli): Command {
  const command = new Command('open')
    .summary('Open the window')
    .description('Opens the desktop window on the office, or where that cannot be, the browser: the same as npm start.')
    .action(async () => {
      cli.ended(await launch(['--office', cli.office], cli.signal))
    })
  return describe(command, { prints: null, examples: ['dispatch open --office ~/offices/speaker'] })
}

/** Runs the launcher to its end. @returns its exit code. */
function launch(args: readonly string[], signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...launcher, ...args], { stdio: 'inherit' })
    const stop = () => child.kill('SIGINT')
    signal.addEventListener('abort', stop, { once: true })
    child.once('error', reject)
    child.once('close', (code, ended) => {
      signal.removeEventListener('abort', stop)
      resolve(code ?? 128 + (ended === null ? 1 : constants.signals[ended]))
    })
  })
}
