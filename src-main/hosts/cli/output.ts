import type { Failure } from './errors.ts'
import { type Column, table } from './table.ts'
import { oneLine, shorten } from './text.ts'

/** A stream that text goes to: the terminal, a file or a pipe. */
export interface Stream {
  write(text: string | Uint8Array): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Where a command writes. With `json` there is one JSON value on stdout, and on stderr at most one error. */
export class Output {
  json = false
  private readonly stdout: Stream
  private readonly stderr: Stream
  private readonly env: NodeJS.ProcessEnv
  private shown = false

  constructor(stdout: Stream, stderr: Stream, env: NodeJS.ProcessEnv) {
    this.stdout = stdout
    this.stderr = stderr
    this.env = env
  }

  /** The answer: `value` as JSON, or what `human` writes. */
  answer<Value>(value: Value, human: (value: Value) => void): void {
    this.endProgress()
    if (this.json) this.stdout.write(`${JSON.stringify(value, null, this.stdout.isTTY ? 2 : undefined)}\n`)
    else human(value)
  }

  line(text = ''): void {
    this.stdout.write(`${text}\n`)
  }

  /** Help that was asked for. */
  help(text: string): void {
    this.stdout.write(text)
  }

  /** Help that was not asked for, shown beside a usage error. */
  helpBesideError(text: string): void {
    if (!this.json) this.stderr.write(text)
  }

  bytes(bytes: Uint8Array): void {
    this.stdout.write(bytes)
  }

  /** An aligned table with a heading, fitted to the terminal; without rows, `empty`. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], empty: string): void {
    if (rows.length === 0) {
      this.line(empty)
      return
    }
    const [head = '', ...lines] = table(columns, rows, this.width)
    this.line(this.bold(head))
    for (const line of lines) this.line(line)
  }

  bold(text: string): string {
    return this.colours ? `\u001b[1m${text}\u001b[22m` : text
  }

  dim(text: string): string {
    return this.colours ? `\u001b[2m${text}\u001b[22m` : text
  }

  /** Columns of the terminal; null for files and pipes. */
  get width(): number | null {
    return this.stdout.isTTY ? (this.stdout.columns ?? 80) : null
  }

  /** https://no-color.org: any value that is not empty. */
  private get colours(): boolean {
    return this.stdout.isTTY === true && !this.env['NO_COLOR'] && this.env['TERM'] !== 'dumb'
  }

  /** A remark beside the answer, on stderr; left out with `json`, so that stderr holds at most one error. */
  note(text: string): void {
    this.endProgress()
    if (!this.json) this.stderr.write(`${text}\n`)
  }

  /** Shows how far it is, in place, where somebody watches. */
  progress(text: string): void {
    if (this.json || !this.stderr.isTTY) return
    this.shown = true
    this.stderr.write(`\r\u001b[K${shorten(oneLine(text), (this.stderr.columns ?? 80) - 1)}`)
  }

  endProgress(): void {
    if (!this.shown) return
    this.shown = false
    this.stderr.write('\r\u001b[K')
  }

  fail(failure: Failure): void {
    this.endProgress()
    const { code, message, hint } = failure
    if (this.json) this.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`)
    else this.stderr.write(`${oneLine(message)}\n${hint === null ? '' : `${oneLine(hint)}\n`}`)
  }
}
