import type { Client } from '#shared/contract/client.ts'
import { type ProblemCode, ProblemError } from '#shared/model/index.ts'
import { officePaths } from '../ports/paths.ts'
import { Cancelled, exit } from './errors.ts'
import type { Output } from './output.ts'
import { pathFrom, startFolder } from './values.ts'

/** The surroundings of one command: what it reads, where it writes, and how it reaches the office. */
export interface Cli {
  readonly out: Output
  readonly env: NodeJS.ProcessEnv
  /** The office's folder. */
  readonly office: string
  /** Aborts on the first Ctrl+C; commands that take long listen to it and end in order. */
  readonly signal: AbortSignal
  /** A path as the person meant it. */
  path(text: string): string
  /**
   * Runs `work` with the office open, and closes it after. Ctrl+C ends the waiting for `work`, unless it ends itself.
   */
  withOffice<Result>(work: (client: Client) => Promise<Result>, options?: OfficeOptions): Promise<Result>
  /** Tells of a problem after an answer was given; the command then ends with that problem's exit code. */
  fail(problem: { code: ProblemCode; message: string }): void
  /** The exit code of another program that the command ran and that has spoken for itself. */
  ended(code: number): void
}

export interface OfficeOptions {
  /** Make the office when there is none. */
  create?: boolean
  /** `work` listens to `signal` and ends in order. */
  endsItself?: boolean
}

export interface CliOptions {
  out: Output
  env: NodeJS.ProcessEnv
  cwd: string
  signal: AbortSignal
}

/** The `Cli` of a real process. */
export class ProcessCli implements Cli {
  readonly out: Output
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  office: string
  /** How the command ended, when it did not throw. */
  exit: number = exit.ok
  private readonly here: string

  constructor(options: CliOptions) {
    this.out = options.out
    this.env = options.env
    this.signal = options.signal
    this.here = startFolder(options.env, options.cwd)
    this.office = officePaths(null).office
  }

  path(text: string): string {
    return pathFrom(this.here, text)
  }

  /** Takes what was said for every command. */
  configure(options: { office?: string; json?: boolean }): void {
    if (options.office !== undefined) this.office = this.path(options.office)
    this.out.json = options.json === true
  }

  async withOffice<Result>(work: (client: Client) => Promise<Result>, options: OfficeOptions = {}): Promise<Result> {
    // Loaded when it is needed: help and usage errors are answered without it.
    const { readOfficeFile } = await import('../office-file.ts')
    const create = options.create === true
    const isNew = (await readOfficeFile(this.office)) === null
    if (isNew && !create) throw new ProblemError('office_missing', { dir: this.office })
    const { openOffice } = await import('./office.ts')
    const office = await openOffice(this.office, create, this.signal)
    try {
      if (isNew) await this.tellNew(office.client)
      return await (options.endsItself ? work(office.client) : this.untilInterrupted(work(office.client)))
    } finally {
      await office.close()
    }
  }

  fail(problem: { code: ProblemCode; message: string }): void {
    this.out.fail({ ...problem, hint: null, exit: exit.problem })
    this.exit = exit.problem
  }

  ended(code: number): void {
    this.exit = code
  }

  private async untilInterrupted<Result>(work: Promise<Result>): Promise<Result> {
    let stop: () => void = () => undefined
    const interrupted = new Promise<never>((_, reject) => {
      stop = () => reject(new Cancelled())
    })
    if (this.signal.aborted) stop()
    this.signal.addEventListener('abort', stop, { once: true })
    try {
      return await Promise.race([interrupted, work])
    } finally {
      this.signal.removeEventListener('abort', stop)
    }
  }

  private async tellNew(client: Client): Promise<void> {
    const { key } = await client.office.status()
    this.out.note(`Made a new office in ${this.office}.`)
    if (key === 'file') {
      this.out.note(
        'There is no keychain here, so its key is in a file that only you can read. Whoever has that file can read the office.',
      )
    }
  }
}
