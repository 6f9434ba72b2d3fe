import { CommanderError } from 'commander'
import { ProcessCli } from './cli.ts'
import { exit, failureOf } from './errors.ts'
import { Output, type Stream } from './output.ts'
import { createProgram } from './program.ts'

/** Everything of the process that the program uses. */
export interface Surroundings {
  /** After the program's own name. */
  args: readonly string[]
  env: NodeJS.ProcessEnv
  cwd: string
  stdout: Stream
  stderr: Stream
  /** Aborts on the first Ctrl+C. */
  signal: AbortSignal
}

/** Runs one command line. Never rejects. @returns the exit code. */
export async function run({ args, env, cwd, stdout, stderr, signal }: Surroundings): Promise<number> {
  const out = new Output(stdout, stderr, env)
  // Known before the rest is understood, so that a usage error is JSON as well.
  const end = args.indexOf('--')
  out.json = (end < 0 ? args : args.slice(0, end)).includes('--json')
  const cli = new ProcessCli({ out, env, cwd, signal })
  try {
    await createProgram(cli).parseAsync(args, { from: 'user' })
    return cli.exit
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.ok
    const failure = failureOf(error)
    out.fail(failure)
    return failure.exit
  }
}
