import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { IdentityId, ProblemError } from '#shared/model/index.ts'
import type { PackInfo } from '../formats.ts'
import { ledgerFiles, mediaFile, packPaths, recordLines } from '../pack-paths.ts'
import { Bag } from './bag.ts'
import { exportProblem } from './faults.ts'
import { writePages } from './html/pages.ts'
import { Rows } from './html/rows.ts'
import { cutBack, type Journal, mediaIn, stillWhole, Workplace } from './journal.ts'
import { Pace, type PackProgress } from './pace.ts'
import { RecordWriter } from './record.ts'
import { BLOCK } from './redact/burn.ts'
import type { Redactions } from './redact/file.ts'
import { SmallFiles } from './small-files.ts'
import type { PackCursor, PackHead, PackSource, ProvedLedger } from './source.ts'
import { newTally, type PackSummary, type Tally } from './summary.ts'

export interface PackRequest {
  source: PackSource
  /** Folder that the bag becomes: empty, or not there. While it is written it is `DIR.partial`. */
  dir: string
  redactions: Redactions
  /** The stand-alone verifier that comes with the pack. */
  verifier: { script: Uint8Array; page: Uint8Array }
  /** Of `small-files-thread.ts`, or what it was built into. */
  filesThread: URL
  signal?: AbortSignal
  onProgress?: (progress: PackProgress) => void
}

/** Folders that an export of this process is writing to. */
const busy = new Set<string>()

/**
 * Writes an evidence pack (docs/formats.md). The folder appears in one step once it is whole; until then everything is in
 * `DIR.partial`, and the same call goes on there after a kill, a cancel or a full disk. Memory does not grow with the number
 * of records or their size. Works in short slices of synchronous calls, and lets others run in between.
 * @throws `export_folder_used`, `export_disk_full`, `cancelled`, `conflict`, `file_unwritable`, and what the source rejects with.
 */
export async function exportPack(request: PackRequest): Promise<PackSummary> {
  const place = new Workplace(request.dir)
  if (busy.has(place.dir)) throw new ProblemError('conflict', { detail: `Another export is writing to ${place.dir}.` })
  busy.add(place.dir)
  try {
    return await exportTo(place, request)
  } catch (error) {
    throw exportProblem(error, place.dir)
  } finally {
    busy.delete(place.dir)
  }
}

/** Removes what an interrupted export left beside a folder. Does nothing where there was none. @throws `export_folder_used` */
export function discardPartial(dir: string): void {
  const place = new Workplace(dir)
  if (place.read() !== null || existsSync(place.partial)) place.clear()
}

async function exportTo(place: Workplace, request: PackRequest): Promise<PackSummary> {
  const { source, redactions } = request
  const before = place.read()
  if (before !== null && before.fingerprint !== redactions.fingerprint) throw place.used()
  if (before?.done) {
    if (existsSync(place.bag)) place.checkTarget()
    place.publish()
    return before.done
  }
  place.checkTarget()
  const head = checked(await source.begin(before?.head ?? null))
  if (before !== null && JSON.stringify(before.head) !== JSON.stringify(head)) throw place.used()
  const pace = new Pace(head, request.signal, request.onProgress)
  const work = (before === null ? null : await goOn(place, before, pace, request)) ?? begin(place, request)
  const run = new Run(place, request, head, work, pace)
  try {
    await run.records()
    const summary = await run.rest()
    place.publish()
    return summary
  } finally {
    work.rows.close()
    await work.bag.abandon()
  }
}

/** What is open while an export goes on. */
interface Work {
  bag: Bag
  rows: Rows
  tally: Tally
  cursor: PackCursor | null
}

function begin(place: Workplace, { filesThread }: PackRequest): Work {
  place.clear()
  mkdirSync(place.partial, { recursive: true })
  return {
    bag: Bag.create(place.bag, new SmallFiles(filesThread)),
    rows: Rows.create(place.rows),
    tally: newTally(),
    cursor: null,
  }
}

/** @returns null when what the journal speaks of is not there any more, as after a power cut: then it begins anew. */
async function goOn(place: Workplace, journal: Journal, pace: Pace, { filesThread }: PackRequest): Promise<Work | null> {
  if (!existsSync(place.bag) || !existsSync(place.rows)) return null
  cutBack(
    place,
    journal,
    journal.head.ledgers.map(({ ledger }) => ledger),
  )
  const rows = Rows.resume(place.rows, journal.rows)
  const bag = rows === null ? null : await Bag.resume(place.bag, journal.bag, new SmallFiles(filesThread))
  pace.phase = 'checking'
  let work: Work | null = null
  try {
    if (rows !== null && bag !== null && (await stillWhole(place.bag, () => pace.pause()))) {
      pace.records = journal.tally.records
      work = { bag, rows, tally: journal.tally, cursor: journal.cursor }
    }
    return work
  } finally {
    if (work === null) {
      rows?.close()
      await bag?.abandon()
    }
  }
}

/** A journal is written after so many records, bytes, or bytes that wait to be sorted. */
const every = { records: 2000, bytes: 64 * 1024 * 1024, waiting: 16 * 1024 * 1024 }

class Run {
  private readonly place: Workplace
  private readonly request: PackRequest
  private readonly head: PackHead
  private readonly work: Work
  private readonly pace: Pace

  constructor(place: Workplace, request: PackRequest, head: PackHead, work: Work, pace: Pace) {
    this.place = place
    this.request = request
    this.head = head
    this.work = work
    this.pace = pace
  }

  /** Everything that comes record by record. */
  async records(): Promise<void> {
    const { work, pace, request } = this
    const { bag, rows, tally } = work
    const { source, redactions } = request
    pace.phase = 'records'
    const tools = { bag, rows, tally, head: this.head, redactions, media: source.media.bind(source), scratch: this.place.partial }
    const writer = new RecordWriter(tools)
    let settled = { records: tally.records, bytes: bag.size }
    await this.settle(null)
    for await (const record of source.records(work.cursor)) {
      if (pace.aborted) break
      this.checkOrder(record)
      const writing = writer.write(record)
      if (writing !== null) await writing
      const behind = bag.keepUp()
      if (behind !== null) await behind
      work.cursor = { ledger: record.ledger, seq: record.seq }
      pace.records++
      if (
        tally.records - settled.records >= every.records ||
        rows.waiting >= every.waiting ||
        // Adding up costs a little, so not for every record.
        (tally.records % 16 === 0 && bag.size - settled.bytes >= every.bytes)
      ) {
        await this.settle(null)
        settled = { records: tally.records, bytes: bag.size }
      }
      const pause = pace.pause()
      if (pause !== null) await pause
    }
    await this.settle(null)
    pace.check()
  }

  /** What is made at the end, and made anew when an export goes on here. */
  async rest(): Promise<PackSummary> {
    const { bag, rows, tally } = this.work
    const { verifier } = this.request
    this.pace.phase = 'ledger'
    const ledgers: PackInfo['ledgers'] = []
    for (const ledger of this.head.ledgers) ledgers.push(await this.ledger(ledger))
    this.pace.phase = 'pages'
    const redacted = this.request.redactions.size > 0
    // A query may say what was taken out, and where it is.
    const head = redacted ? { ...this.head, query: BLOCK } : this.head
    await writePages(bag, head, rows, tally.redacted, () => this.pace.pause())
    this.pace.phase = 'closing'
    const { id, office, madeAt, madeBy, program, query, coverage } = head
    const info: PackInfo = {
      ...{ v: 1, id, office, madeAt, madeBy, program, query, ledgers, records: tally.records, redacted: tally.redacted },
      coverage: [...coverage],
    }
    bag.put(packPaths.pack, Buffer.from(`${JSON.stringify(info)}\n`))
    for (const name of mediaIn(this.place.bag)) {
      const path = mediaFile(name)
      bag.count(path, lstatSync(join(this.place.bag, path)).size, name)
      await this.pace.pause()
    }
    const payload = await bag.finish(
      [
        ['Source-Organization', office],
        ['External-Identifier', id],
        ['Bagging-Date', madeAt.slice(0, 10)],
        ['Bag-Software-Agent', program],
      ],
      { [packPaths.verifierScript]: verifier.script, [packPaths.verifierPage]: verifier.page },
    )
    const summary = { dir: this.place.dir, id, records: tally.records, redacted: tally.redacted, ...payload, ...this.remarks() }
    await this.settle(summary)
    return summary
  }

  private async ledger(proved: ProvedLedger): Promise<PackInfo['ledgers'][number]> {
    const { bag, tally } = this.work
    const { ledger, identity, voice, size, root } = proved
    const paths = ledgerFiles(ledger)
    const lines = recordLines(ledger)
    if (!(ledger in tally.ledgers)) bag.grow(lines)
    bag.end(lines)
    bag.put(paths.checkpoint, Buffer.from(proved.checkpoint))
    bag.put(paths.key, Buffer.from(`${proved.key}\n`))
    bag.put(paths.keys, Buffer.from(proved.keys.map((line) => `${JSON.stringify(line)}\n`).join('')))
    if (proved.timestamp !== null) bag.put(paths.timestamp, Buffer.from(proved.timestamp, 'base64'))
    if (proved.authority !== null) bag.put(paths.authority, Buffer.from(proved.authority))
    const { records, first, last } = tally.ledgers[ledger] ?? { records: 0, first: null, last: null }
    const entries = first !== null && last - first < Math.max(alwaysEntries, records * entriesPerRecord)
    if (entries) {
      const file = bag.grow(paths.entries)
      for await (const entry of this.request.source.entries(ledger, first, last)) {
        file.text(`${entry}\n`)
        await this.pace.pause()
      }
      bag.end(paths.entries)
    }
    return { ledger: IdentityId.parse(ledger), identity, voice, size, root, first, last, records, entries }
  }

  private remarks(): Pick<PackSummary, 'damaged' | 'stillThere' | 'idle'> {
    const { damaged, stillThere, used, found } = this.work.tally
    const works = ({ find, line }: { find?: string | undefined; line: number }) =>
      used.includes(line) && (find === undefined || found.includes(line))
    const idle = [...this.request.redactions].filter((redaction) => !works(redaction)).map(({ line }) => line)
    return { damaged, stillThere, idle }
  }

  /** Keeps what is there so far. @param done Set once the bag is whole. */
  private async settle(done: PackSummary | null): Promise<void> {
    const { bag, rows, tally, cursor } = this.work
    this.pace.bytes = bag.size
    const fingerprint = this.request.redactions.fingerprint
    this.place.write({ v: 1, fingerprint, head: this.head, cursor, bag: await bag.settle(), rows: rows.settle(), tally, done })
  }

  /** Files are named by ledger and number: out of order they would overwrite each other, or be lost when it goes on. */
  private checkOrder({ ledger, seq }: PackCursor): void {
    const place = this.head.ledgers.findIndex((proved) => proved.ledger === ledger)
    const { cursor } = this.work
    const last = cursor === null ? -1 : this.head.ledgers.findIndex((proved) => proved.ledger === cursor.ledger)
    if (place > last || (place >= 0 && place === last && seq > (cursor?.seq ?? -1))) return
    throw new Error(`Record ${ledger}/${seq} came out of order.`)
  }
}

/** All entries between the records come along when they are no more than this, or than so many for each record. */
const alwaysEntries = 20_000
const entriesPerRecord = 20

function checked(head: PackHead): PackHead {
  const ids = head.ledgers.map(({ ledger }) => ledger)
  if (new Set(ids).size < ids.length || ids.some((id) => !IdentityId.safeParse(id).success)) {
    throw new Error('Ledgers of a pack have different ids of digits.')
  }
  return head
}
