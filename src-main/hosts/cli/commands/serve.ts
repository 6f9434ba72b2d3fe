import { join } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { fromSource, programRoot } from '../../threads.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { portNumber } from '../values.ts'

interface Options {
  port: number
  open: boolean
}

/** What is printed once the office is up; the command then stays. */
export const ServingShape = z.object({ address: z.string(), origin: z.string(), pid: z.number().int() })

export function serve(cli: Cli): Command {
  const command = new Command('serve')
    .summary('Run the office for a browser on this computer')
    .description(
      'Runs the office for a browser on this computer and stays until Ctrl+C. Makes the office when there is none, and builds the interface when it must.',
    )
    .option('--port <number>', 'port on loopback (default: any free one)', portNumber, 0)
    .option('--no-open', 'do not open the browser')
    .action(async ({ port, open }: Options) => {
      const { ensureBuilt } = await import('../../launch/build.ts')
      const { runServer } = await import('../../server/run.ts')
      if (fromSource) await ensureBuilt(programRoot, (text) => cli.out.note(text))
      const pages = join(programRoot, 'out', 'renderer')
      const server = await runServer({ office: cli.office, port, create: true, sample: false, pages })
      const ended = new Promise<void>((resolve) => {
        if (cli.signal.aborted) resolve()
        cli.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      try {
        cli.out.answer({ address: server.link(), origin: server.origin, pid: process.pid }, ({ address }) => {
          cli.out.line(`Dispatch Box is at ${address}`)
          cli.out.line('The address lets one browser in, once. Ctrl+C ends the program.')
        })
        if (open && !(await server.browse())) cli.out.note('There is no browser to open here: open the address yourself.')
        await ended
      } finally {
        await server.close()
      }
    })
  return describe(command, {
    prints: ServingShape,
    examples: ['dispatch serve --port 8080 --no-open'],
    notes: [
      'Only programs on this computer can reach it. The address holds a token that lets one browser in, once; commands with the same --office talk to the running program.',
    ],
  })
}
