import type { AppendFile } from '../append.ts'
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
const BYTES = 512 * 1024

const comma = Buffer.from(',\n')

/**
 * Writes the pack to read: one page, and its messages in scripts that it loads one after the other, the newest first. Scripts,
 * because a page that is opened from a disk may load nothing else.
 * @param pause Awaited between scripts.
 */
export async function writePages(bag: Bag, head: PackHead, rows: Rows, redacted: number, pause: () => Promise<void> | null) {
  const index = bag.grow(`${folder}/data/index.js`)
  index.text('packIndex({"parts":[')
  let parts = 0
  let total = 0
  let part: { file: AppendFile; path: string; rows: number } | null = null
  const end = () => {
    if (part === null) return
    part.file.text('])\n')
    bag.end(part.path)
    index.text(`${parts === 0 ? '' : ','}${part.rows}`)
    parts++
    part = null
  }
  for (const { json } of rows.sorted()) {
    if (part === null) {
      const path = `${folder}/data/${Math.floor(parts / 1000)}/${parts}.js`
      part = { file: bag.grow(path, `packPart(${parts},[\n`), path, rows: 0 }
    } else part.file.bytes(comma)
    part.file.bytes(json)
    part.rows++
    total++
    if (part.rows >= ROWS || part.file.size >= BYTES) {
      end()
      await pause()
    }
  }
  end()
  const identities = Object.fromEntries(head.ledgers.map(({ ledger, identity, voice }) => [ledger, [identity, voice]]))
  const about = { id: head.id, madeAt: head.madeAt, madeBy: head.madeBy, office: head.office, query: head.query, identities }
  index.text(`],"total":${total},"redacted":${redacted},"about":${JSON.stringify(about)}})\n`)
  bag.end(`${folder}/data/index.js`)
  const fixed = { 'index.html': indexPage, 'page.js': pageScript, 'page.css': pageStyle, 'words.js': pageWords }
  for (const [name, text] of Object.entries(fixed)) bag.put(`${folder}/${name}`, Buffer.from(text))
}
