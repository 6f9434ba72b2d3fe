import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ProblemError } from '#shared/model/index.ts'
import { readOptions } from '../launch/options.ts'
import { runServer } from './run.ts'

/** `node out/main/server.js [--office DIR] [--port N] [--sample] [--no-open]`: an office for a browser on this computer. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  // Whoever read what is printed here may have gone; the office is for the browser.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const server = await runServer({ ...options, create: true, pages: join(import.meta.dirname, '..', 'renderer') })
  const say = (text: string) => process.stdout.write(`${text}\n`)
  say(`Dispatch Box is at ${server.link()}`)
  say('The address lets one browser in, once. Ctrl+C ends the program.')
  if (options.open && !(await server.browse())) say('There is no browser to open here: open the address yourself.')
  if (process.stdin.isTTY) {
    say('Press Enter for another address.')
    const lines = createInterface({ input: process.stdin })
    lines.on('line', () => say(server.link()))
  }
  const stop = () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
}

function fail(error: unknown): never {
  const text =
    error instanceof ProblemError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

main().catch(fail)
