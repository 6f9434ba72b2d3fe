import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { writeAll } from '../append.ts'

/** Where the sorted runs lie in their file: start and end of each, in bytes. */
export interface RowsState {
  runs: [number, number][]
}

/** Bytes of a key: a time of ISO 8601 with milliseconds in UTC. */
const KEY = 24
const LF = 0x0a

const BLOCK = 1024 * 1024
const ROWS_AT_ONCE = 200

/** A row that waits: its line is in a block of memory, encoded already. */
interface Row {
  key: string
  line: Uint8Array
}

/**
 * Sorts any number of rows with little memory: rows are gathered, sorted and written as a run; at the end all runs are read
 * side by side. The records come in the order in which they were captured; people read the newest message first.
 */
export class Rows {
  private readonly handle: number
  private readonly runs: [number, number][]
  private gathered: Row[] = []
  /** Memory of the rows that wait; all but the last block are full. Used again for the next run. */
  private readonly blocks: Buffer[] = [Buffer.allocUnsafe(BLOCK)]
  private current = 0
  private filled = 0
  private size = 0

  private constructor(handle: number, runs: [number, number][]) {
    this.handle = handle
    this.runs = runs
  }

  static create(path: string): Rows {
    return new Rows(openSync(path, 'w+'), [])
  }

  /** @returns null when the file is shorter than the journal says. */
  static resume(path: string, { runs }: RowsState): Rows | null {
    const handle = openSync(path, 'r+')
    const size = runs.at(-1)?.[1] ?? 0
    if (fstatSync(handle).size < size) {
      closeSync(handle)
      return null
    }
    ftruncateSync(handle, size)
    return new Rows(handle, [...runs])
  }

  /** @param at ISO 8601 in UTC with milliseconds. @param json Without line ends. */
  add(at: string, json: string): void {
    const most = KEY + json.length * 3 + 1
    let block = this.blocks[this.current] as Buffer
    if (this.filled + most > block.length) {
      const next = this.blocks[++this.current]
      block = next !== undefined && next.length >= most ? next : Buffer.allocUnsafe(Math.max(BLOCK, most))
      this.blocks[this.current] = block
      this.filled = 0
    }
    const start = this.filled
    this.filled += block.write(at, this.filled, 'latin1')
    this.filled += block.write(json, this.filled, 'utf8')
    block[this.filled++] = LF
    this.gathered.push({ key: at, line: block.subarray(start, this.filled) })
    this.size += this.filled - start
  }

  /** Bytes that wait to be written. */
  get waiting(): number {
    return this.size
  }

  /** Writes what was gathered as a run. */
  settle(): RowsState {
    if (this.gathered.length > 0) {
      // Of two at the same time the later entry is the newer one. Sorting is stable, so that the order of runs says the rest.
      const rows = this.gathered.reverse().sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0))
      const start = this.runs.at(-1)?.[1] ?? 0
      // A run that was cut off by a full disk is overwritten, not added to.
      ftruncateSync(this.handle, start)
      let end = start
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const bytes = Buffer.concat(rows.slice(at, at + ROWS_AT_ONCE).map(({ line }) => line))
        writeAll(this.handle, bytes, end)
        end += bytes.length
      }
      this.runs.push([start, end])
      this.gathered = []
      this.current = 0
      this.filled = 0
      this.size = 0
    }
    return { runs: this.runs }
  }

  /** All rows, the newest first. Each is only good until the next is asked for. */
  *sorted(): Generator<{ at: string; json: Uint8Array }> {
    const room = Math.max(4096, Math.min(256 * 1024, Math.floor((32 * 1024 * 1024) / Math.max(1, this.runs.length))))
    const heads = new Heap()
    for (const [index, [start, end]] of this.runs.entries()) {
      const run = new Run(this.handle, start, end, room, index)
      if (run.next()) heads.push(run)
    }
    for (let run = heads.top(); run !== undefined; run = heads.top()) {
      yield { at: run.key, json: run.json }
      if (run.next()) heads.sink()
      else heads.drop()
    }
  }

  close(): void {
    closeSync(this.handle)
  }
}

/** Reads the rows of one run. */
class Run {
  key = ''
  json: Uint8Array = new Uint8Array(0)
  readonly index: number
  private readonly handle: number
  private at: number
  private readonly end: number
  private buffer: Buffer
  private from = 0
  private to = 0

  constructor(handle: number, start: number, end: number, room: number, index: number) {
    this.handle = handle
    this.at = start
    this.end = end
    this.buffer = Buffer.allocUnsafe(room)
    this.index = index
  }

  /** @returns false at the end. */
  next(): boolean {
    for (;;) {
      const newline = this.buffer.subarray(this.from, this.to).indexOf(LF)
      if (newline >= 0) {
        this.key = this.buffer.toString('latin1', this.from, this.from + KEY)
        this.json = this.buffer.subarray(this.from + KEY, this.from + newline)
        this.from += newline + 1
        return true
      }
      if (!this.fill()) return false
    }
  }

  private fill(): boolean {
    const left = this.to - this.from
    // A row longer than the buffer gets a larger one.
    const buffer = left === this.buffer.length ? Buffer.allocUnsafe(left * 2) : this.buffer
    this.buffer.copy(buffer, 0, this.from, this.to)
    this.buffer = buffer
    this.from = 0
    this.to = left
    const read = readSync(this.handle, buffer, left, Math.min(buffer.length - left, this.end - this.at), this.at)
    this.at += read
    this.to += read
    return read > 0
  }
}

/** The run with the newest row on top; of two with the same time the later run. */
class Heap {
  private readonly runs: Run[] = []

  top(): Run | undefined {
    return this.runs[0]
  }

  push(run: Run): void {
    this.runs.push(run)
    for (let at = this.runs.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.swapIfBefore(at, parent)) return
      at = parent
    }
  }

  drop(): void {
    const last = this.runs.pop()
    if (last === undefined || this.runs.length === 0) return
    this.runs[0] = last
    this.sink()
  }

  /** Puts the top where it belongs after it changed. */
  sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= this.runs.length) return
      const child = left + 1 < this.runs.length && this.isBefore(left + 1, left) ? left + 1 : left
      if (!this.swapIfBefore(child, at)) return
      at = child
    }
  }

  private isBefore(a: number, b: number): boolean {
    const one = this.runs[a] as Run
    const other = this.runs[b] as Run
    return one.key === other.key ? one.index > other.index : one.key > other.key
  }

  private swapIfBefore(child: number, parent: number): boolean {
    if (!this.isBefore(child, parent)) return false
    const moved = this.runs[child] as Run
    this.runs[child] = this.runs[parent] as Run
    this.runs[parent] = moved
    return true
  }
}
