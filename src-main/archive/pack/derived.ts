import { hash } from 'node:crypto'
import type { Redaction } from '../formats.ts'
import { mediaFile, packPaths } from '../pack-paths.ts'
import type { Bag } from './bag.ts'
import { csvCell, csvLine, csvStart } from './csv.ts'
import { fromLine, MboxQuoter } from './mbox.ts'
import { endingOf } from './media-type.ts'
import type { Captured, PackHead, PackRecord, Shown } from './source.ts'
import { warcEnd, warcHeader, warcTarget } from './warc.ts'

/** A record on its way into everything that is derived from it. */
export interface Entered {
  record: PackRecord
  manifest: Captured
  /** What people may read of it: burned, where it is redacted. */
  shown: Shown
  /** Its file, below `data/`. */
  file: string
  redactions: readonly Redaction[]
}

const columns = [
  'ledger',
  'seq',
  'record',
  'message',
  'version',
  'kind',
  'network',
  'date',
  'captured',
  'from',
  'to',
  'subject',
  'link',
  'attachments',
  'file',
  'size',
  'sha256',
  'redacted',
  'mbox',
]

/** A line of `index.csv`. Of a redacted record nothing is told that would tell of what was taken out. */
export function enterIndex(bag: Bag, { record, manifest, shown, file, redactions }: Entered): void {
  const redacted = redactions.length > 0
  const isMail = endingOf(manifest.mediaType) === 'eml'
  const index = bag.has(packPaths.index) ? bag.grow(packPaths.index) : bag.grow(packPaths.index, csvStart + csvLine(columns))
  const attachments = shown.attachments.length === 0 ? '' : csvCell(shown.attachments.map(({ name }) => name).join(', '))
  const first = `${csvCell(shown.kind)},${csvCell(manifest.network)},${csvCell(shown.at)}`
  const last = `${csvCell(shown.from)},${csvCell(shown.to.join(', '))},${csvCell(shown.subject)},${csvCell(shown.link)},${attachments}`
  // Ids, numbers, hashes and paths are what they are: no cell of theirs needs a second look.
  index.text(
    `${record.ledger},${record.seq},${manifest.record},${manifest.message},${manifest.version},${first},${manifest.capturedAt},${last},` +
      `data/${file},${redacted ? '' : manifest.size},${redacted ? '' : manifest.sha256},` +
      `${redacted ? csvCell(redactions.map(({ by, reason }) => `${reason} (${by})`).join('; ')) : ''},` +
      `${isMail ? (redacted ? 'left out: redacted' : 'yes') : ''}\r\n`,
  )
}

/** Adds a mail to the mbox. */
export function enterMbox(bag: Bag, { manifest, shown }: Entered, bytes: Iterable<Uint8Array>): void {
  const mbox = bag.grow(packPaths.mbox)
  const at = new Date(shown.at ?? manifest.capturedAt)
  mbox.latin1(fromLine(shown.from, Number.isNaN(at.getTime()) ? new Date(manifest.capturedAt) : at))
  const quoter = new MboxQuoter()
  for (const piece of bytes) {
    mbox.latin1(quoter.add(Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')))
  }
  mbox.latin1(quoter.end())
}

/** Adds what stood on the web to the WARC file; leaves out what did not. */
export function enterWarc(
  bag: Bag,
  head: PackHead,
  { record, manifest, shown }: Entered,
  { size, sha256 }: { size: number; sha256: string },
  bytes: Iterable<Uint8Array>,
): void {
  const target = warcTarget(shown.link)
  if (target === null) return
  const warc = bag.has(packPaths.warc) ? bag.grow(packPaths.warc) : bag.grow(packPaths.warc, warcStart(head))
  const name = `${head.id}/${record.ledger}/${record.seq}`
  const { capturedAt: date, mediaType } = manifest
  warc.text(warcHeader({ type: 'resource', name, date, mediaType, size, sha256, target }))
  for (const piece of bytes) warc.bytes(piece)
  warc.text(warcEnd)
}

/** The record that tells who wrote the file. */
function warcStart({ id, program, madeAt }: PackHead): string {
  const text = `software: ${program.replace(/\s+/g, ' ')}\r\nformat: WARC File Format 1.1\r\n`
  const size = Buffer.byteLength(text)
  const header = { type: 'warcinfo', name: id, date: madeAt, mediaType: 'application/warc-fields', size, target: null } as const
  return warcHeader({ ...header, sha256: hash('sha256', text, 'hex') }) + text + warcEnd
}

/** Text of one message in the pages, in UTF-16 units; what is longer is in its file. */
const LONGEST_TEXT = 200_000

/** A message as the pages have it (`page-script.ts` reads it). */
export function rowOf({ record, manifest, shown, file, redactions }: Entered): string {
  const cut = shown.text.length > LONGEST_TEXT
  return JSON.stringify({
    l: record.ledger,
    r: manifest.record,
    v: manifest.version,
    n: shown.versions,
    a: shown.at ?? manifest.capturedAt,
    c: manifest.capturedAt,
    f: shown.from,
    t: shown.to,
    j: shown.subject,
    x: cut ? shown.text.slice(0, LONGEST_TEXT) : shown.text,
    k: shown.kind,
    w: manifest.network,
    u: shown.link,
    p: file,
    d: shown.attachments.map(({ name, mediaType, size }) => [
      name,
      mediaType,
      size,
      redactions.length > 0 ? null : placeOf(manifest, name, size),
    ]),
    b: redactions.map(({ by, reason }) => [reason, by]),
    ...(cut ? { z: 1 } : {}),
  })
}

/** Where a file lies that came apart from the bytes; null for one that is inside them. */
function placeOf(manifest: Captured, name: string, size: number): string | null {
  const medium = manifest.media.find((file) => file.name === name && file.size === size)
  return medium === undefined ? null : mediaFile(medium.sha256).slice('data/'.length)
}
