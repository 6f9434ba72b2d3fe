import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { dataDir } from '../ports/paths.ts'

/** Entry of `dispatch`: `node src-main/hosts/launch/boot.cjs src-main/hosts/cli/main.ts COMMAND ...`. */

/** A Ctrl+C reaches this process more than once when npm and the shell both pass it on. */
const SAME_INTERRUPT_MS = 1000

// Before anything else is loaded: later starts need not read the sources again. In a folder of this person's own, because
// whoever can write there decides what runs; the store's threads find it by the variable.
if (!process.env['NODE_COMPILE_CACHE'] && nodeModule.enableCompileCache) {
  const folder = join(dataDir(), 'cache')
  nodeModule.enableCompileCache(folder)
  process.env['NODE_COMPILE_CACHE'] = folder
}
const { run } = await import('./run.ts')

const interrupted = new AbortController()
let first = 0
const interrupt = () => {
  const now = performance.now()
  if (!interrupted.signal.aborted) {
    first = now
    interrupted.abort()
  } else if (now - first > SAME_INTERRUPT_MS) process.exit(130)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
// `dispatch search x | head`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const code = await run({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupted.signal,
})
// What was written to a pipe must have left before the process does.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
process.exit(code)
