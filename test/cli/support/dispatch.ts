import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { run as runCommand } from '#hosts/cli/run.ts'
import { ErrorShape } from '#hosts/cli/shapes.ts'
import { type Ended, type Running, startProgram, texts } from './program.ts'

/** A person's place: a data folder of its own, and the real program in processes of its own. */
export interface Desk {
  /** A folder for files of the test. */
  dir: string
  office: string
  env: NodeJS.ProcessEnv
  start(args: string[], env?: NodeJS.ProcessEnv): Running
  /** Runs a command to its end. */
  run(args: string[], env?: NodeJS.ProcessEnv): Promise<Ended>
  /** Runs with `--json` and checks what it prints. @throws when it failed or printed anything else. */
  json<Shape extends z.ZodType>(shape: Shape, args: string[], env?: NodeJS.ProcessEnv): Promise<z.infer<Shape>>
  /** Runs with `--json` a command that must fail. */
  fails(args: string[], env?: NodeJS.ProcessEnv): Promise<{ code: number; error: z.infer<typeof ErrorShape>['error'] }>
  remove(): Promise<void>
}

/**
 * @param inProcess Runs commands inside the test's own process, one at a time: the same program in a tenth of the time.
 *   `start` is a process in any case.
 */
export async function newDesk({ inProcess = false } = {}): Promise<Desk> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-cli-'))
  const office = join(dir, 'office')
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(DISPATCH_|npm_|XDG_RUNTIME_DIR)/.test(name)),
  )
  const env = {
    ...clean,
    DISPATCH_DATA: join(dir, 'data'),
    DISPATCH_SECRETS: 'file',
    NODE_OPTIONS: '',
  }
  const running = new Set<ChildProcess>()

  function start(args: string[], more: NodeJS.ProcessEnv = {}): Running {
    const started = startProgram({ ...env, ...more }, dir, 'src-main/hosts/cli/main.ts', ['--office', office, ...args])
    running.add(started.child)
    const done = () => running.delete(started.child)
    started.ended.then(done, done)
    return started
  }

  /** The program reads `process.env`, so it is that of the desk while a command runs. */
  async function runHere(args: string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const said = { stdout: '', stderr: '' }
    const stream = (name: 'stdout' | 'stderr') => ({
      write: (text: string | Uint8Array) => {
        said[name] += Buffer.from(text).toString('latin1')
      },
    })
    const before = { ...process.env }
    const mine: NodeJS.ProcessEnv = { ...env, ...more }
    for (const name of Object.keys(process.env)) if (!(name in mine)) delete process.env[name]
    Object.assign(process.env, mine)
    try {
      const signal = new AbortController().signal
      const all = ['--office', office, ...args]
      const code = await runCommand({
        args: all,
        env: mine,
        cwd: dir,
        stdout: stream('stdout'),
        stderr: stream('stderr'),
        signal,
      })
      return { code, ...texts(said) }
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
      Object.assign(process.env, before)
    }
  }

  const run = (args: string[], more?: NodeJS.ProcessEnv) => (inProcess ? runHere(args, more) : start(args, more).ended)
  return {
    dir,
    office,
    env,
    start,
    run,
    async json(shape, args, more) {
      const { code, stdout, stderr } = await run([...args, '--json'], more)
      if (code !== 0 || stderr !== '') throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
      return shape.parse(JSON.parse(stdout))
    },
    async fails(args, more) {
      const { code, stdout, stderr } = await run([...args, '--json'], more)
      if (code === 0 || stdout !== '') throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}`)
      return { code, error: ErrorShape.strict().parse(JSON.parse(stderr)).error }
    },
    async remove() {
      for (const child of running) child.kill('SIGKILL')
      await rm(dir, { recursive: true, force: true })
    },
  }
}
