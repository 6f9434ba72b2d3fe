import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { mediaFile, recordFile, recordLines } from '../pack-paths.ts'
import { PIECE, pieces, writeAll } from './append.ts'
import type { Bag } from './bag.ts'
import { type Entered, enterIndex, enterMbox, enterWarc, rowOf } from './derived.ts'
import type { Rows } from './html/rows.ts'
import { Lines } from './lines.ts'
import { endingOf } from './media-type.ts'
import { burn, says } from './redact/burn.ts'
import { redactedCopy } from './redact/copy.ts'
import type { Redaction, Redactions } from './redact/file.ts'
import type { Captured, PackHead, PackRecord, PackSource } from './source.ts'
import { MOST_REMARKS, type Remark, type Tally } from './summary.ts'

/** Where the writer puts things, and what it must know. */
export interface RecordTools {
  bag: Bag
  rows: Rows
  tally: Tally
  head: PackHead
  redactions: Redactions
  media: PackSource['media']
  /** Folder beside the bag for files that are not whole yet. */
  scratch: string
}

/** What was written of a record's bytes. */
interface Written {
  size: number
  sha256: string
}

/** Writes one record after the other into everything that a pack has of it. */
export class RecordWriter {
  private readonly tools: RecordTools
  private readonly used: Set<number>
  private readonly found: Set<number>
  private readonly lines = new Lines()

  constructor(tools: RecordTools) {
    this.tools = tools
    this.used = new Set(tools.tally.used)
    this.found = new Set(tools.tally.found)
  }

  /** @returns null when it is done: most records are small, and waiting for nothing takes longer than writing them. */
  write(record: PackRecord): Promise<void> | null {
    const manifest = record.captured
    const redactions = this.tools.redactions.of(manifest.record, manifest.message)
    if (redactions.length > 0) {
      this.redacted(record, manifest, redactions)
      return null
    }
    if (typeof record.bytes === 'function' || manifest.media.length > 0) return this.slowly(record, manifest)
    const entered = enteredOf(record, manifest, endingOf(manifest.mediaType))
    const sha256 = this.tools.bag.put(`data/${entered.file}`, record.bytes)
    this.whole(entered, { size: record.bytes.length, sha256 }, slices(record.bytes), true)
    return null
  }

  private async slowly(record: PackRecord, manifest: Captured): Promise<void> {
    const { bag } = this.tools
    const entered = enteredOf(record, manifest, endingOf(manifest.mediaType))
    let media = true
    for (const { sha256 } of manifest.media) media = (await this.medium(sha256)) && media
    const path = `data/${entered.file}`
    if (typeof record.bytes !== 'function') {
      const sha256 = bag.put(path, record.bytes)
      this.whole(entered, { size: record.bytes.length, sha256 }, slices(record.bytes), media)
      return
    }
    const place = bag.place(path)
    const written = await writeStream(place, record.bytes())
    bag.count(path, written.size, written.sha256)
    const handle = openSync(place, 'r')
    try {
      this.whole(entered, written, pieces(handle, 0, written.size), media)
    } finally {
      closeSync(handle)
    }
  }

  /** @returns false when it is not what its name says: then it is left out, and a verifier finds it missing. */
  private async medium(sha256: string): Promise<boolean> {
    const place = this.tools.bag.place(mediaFile(sha256))
    // Only whole files get their name.
    if (existsSync(place)) return true
    const partial = join(this.tools.scratch, 'medium')
    const written = await writeStream(partial, this.tools.media(sha256))
    if (written.sha256 !== sha256) return false
    renameSync(partial, place)
    return true
  }

  private whole(entered: Entered, written: Written, bytes: Iterable<Uint8Array>, mediaWhole: boolean): void {
    const { bag, tally, redactions } = this.tools
    const { record, manifest } = entered
    if (!mediaWhole || written.sha256 !== manifest.sha256 || written.size !== manifest.size)
      remark(tally.damaged, record, manifest)
    if (redactions.words.length > 0 && says(record.shown, redactions.words)) remark(tally.stillThere, record, manifest)
    if (entered.file.endsWith('.eml')) enterMbox(bag, entered, bytes)
    else enterWarc(bag, this.tools.head, entered, written, bytes)
    this.enter(entered, entered.file)
  }

  private redacted(record: PackRecord, manifest: Captured, redactions: readonly Redaction[]): void {
    const { bag, tally } = this.tools
    const { shown, idle } = burn(record.shown, redactions)
    for (const redaction of redactions) {
      this.used.add(redaction.line)
      if (!idle.includes(redaction)) this.found.add(redaction.line)
    }
    tally.used = [...this.used]
    tally.found = [...this.found]
    tally.redacted++
    const file = `derived/${recordFile(record.ledger, record.seq, 'txt')}`
    bag.put(`data/${file}`, Buffer.from(redactedCopy(record, manifest, shown, redactions)))
    const reasons = redactions.map(({ by, reason }) => ({ by, reason }))
    this.enter({ record, manifest, shown, file, redactions: reasons }, null)
  }

  /** What whole and redacted records have alike. @param file Of a record that is whole. */
  private enter(entered: Entered, file: string | null): void {
    const { bag, rows, tally } = this.tools
    const { ledger, seq } = entered.record
    bag.grow(recordLines(ledger)).text(this.lines.line(entered.record, file, entered.redactions))
    enterIndex(bag, entered)
    rows.add(timeOf(entered), rowOf(entered))
    const so = tally.ledgers[ledger]
    tally.ledgers[ledger] =
      so === undefined ? { records: 1, first: seq, last: seq } : { ...so, records: so.records + 1, last: seq }
    tally.records++
  }
}

function enteredOf(record: PackRecord, manifest: Captured, ending: string): Entered {
  const file = `records/${recordFile(record.ledger, record.seq, ending)}`
  return { record, manifest, shown: record.shown, file, redactions: [] }
}

/** When the message was written; when it was captured, where it says nothing that could be sorted by. */
function timeOf({ shown, manifest }: Entered): string {
  return shown.at !== null && shown.at.length === manifest.capturedAt.length ? shown.at : manifest.capturedAt
}

function remark(list: Remark[], { ledger, seq }: PackRecord, { record }: Captured): void {
  if (list.length < MOST_REMARKS) list.push({ ledger, seq, record })
}

/** Large bytes in pieces: what is made of them on the way takes several times their room. */
function slices(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length <= PIECE) return [bytes]
  return Array.from({ length: Math.ceil(bytes.length / PIECE) }, (_, at) => bytes.subarray(at * PIECE, (at + 1) * PIECE))
}

async function writeStream(path: string, source: AsyncIterable<Uint8Array>): Promise<Written> {
  const hash = createHash('sha256')
  const handle = openSync(path, 'w')
  let size = 0
  try {
    for await (const piece of source) {
      writeAll(handle, piece)
      hash.update(piece)
      size += piece.length
    }
  } finally {
    closeSync(handle)
  }
  return { size, sha256: hash.digest('hex') }
}
