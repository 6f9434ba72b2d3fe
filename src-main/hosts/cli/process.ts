import { exit } from './errors.ts'
import { run } from './run.ts'

/** A Ctrl+C reaches this process more than once when npm and the shell both pass it on. */
const SAME_INTERRUPT_MS = 1000

/** Runs the command line of this process, and ends it. */
export async function runProcess(): Promise<never> {
  const { stdout, stderr } = process
  // `dispatch search x | head`: the reader has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exit.ok)
    throw error
  })
  const code = await run({
    args: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout,
    stderr,
    signal: interrupts(),
  })
  // What was written to a pipe must have left before the process does.
  await new Promise<void>((resolve) => stdout.write('', () => resolve()))
  process.exit(code)
}

/** Aborts on the first Ctrl+C, so that the command ends in order; a second one ends it at once. */
function interrupts(): AbortSignal {
  const interrupted = new AbortController()
  let first = 0
  const interrupt = () => {
    const now = performance.now()
    if (!interrupted.signal.aborted) {
      first = now
      interrupted.abort()
    } else if (now - first > SAME_INTERRUPT_MS) process.exit(exit.cancelled)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  return interrupted.signal
}
