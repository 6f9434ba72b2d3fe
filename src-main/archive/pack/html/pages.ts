import type { Bag } from '../bag.ts'
import type { PackHead } from '../source.ts'
import { indexPage } from './index-page.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'
import type { Rows } from './rows.ts'
import { pageWords } from './words.ts'

const folder = 'data/html'
/** A script is closed when it has this many rows or bytes: quick to load, and not too many files. */
const ROWS = 250
const BYTES = 128 * 1024

const comma = Buffer.from(',\n')
const close = Buffer.from('])\n')

/** One of the scripts, in memory. */
class Part {
  readonly number: number
  rows = 0
  private readonly pieces: Uint8Array[]
  private size = 0

  constructor(number: number) {
    this.number = number
    this.pieces = [Buffer.from(`packPart(${number},[\n`)]
  }

  /** @param json Copied: its place is used again for the next row. */
  add(json: Uint8Array): void {
    if (this.rows++ > 0) this.pieces.push(comma)
    this.pieces.push(Buffer.from(json))
    this.size += json.length
  }

  get isFull(): boolean {
    return this.rows >= ROWS || this.size >= BYTES
  }

  bytes(): Uint8Array {
    return Buffer.concat([...this.pieces, close])
  }
}

/**
 * Writes the pack to read: one page, and its messages in scripts that it loads one after the other, the newest first. Scripts,
 * because a page that is opened from a disk may load nothing else.
 * @param pause Awaited between scripts.
 */
export async function writePages(bag: Bag, head: PackHead, rows: Rows, redacted: number, pause: () => Promise<void> | null) {
  const index = bag.grow(`${folder}/data/index.js`, 'packIndex({"parts":[')
  let part = new Part(0)
  let total = 0
  const end = () => {
    const path = `${folder}/data/${Math.floor(part.number / 1000)}/${part.number}.js`
    bag.put(path, part.bytes())
    index.text(`${part.number === 0 ? '' : ','}${part.rows}`)
    part = new Part(part.number + 1)
  }
  for (const { json } of rows.sorted()) {
    part.add(json)
    total++
    if (!part.isFull) continue
    end()
    const waiting = bag.keepUp() ?? pause()
    if (waiting !== null) await waiting
  }
  if (part.rows > 0) end()
  const identities = Object.fromEntries(head.ledgers.map(({ ledger, identity, voice }) => [ledger, [identity, voice]]))
  const about = { id: head.id, madeAt: head.madeAt, madeBy: head.madeBy, office: head.office, query: head.query, identities }
  index.text(`],"total":${total},"redacted":${redacted},"about":${JSON.stringify(about)}})\n`)
  bag.end(`${folder}/data/index.js`)
  const fixed = { 'index.html': indexPage, 'page.js': pageScript, 'page.css': pageStyle, 'words.js': pageWords }
  for (const [name, text] of Object.entries(fixed)) bag.put(`${folder}/${name}`, Buffer.from(text))
}
