import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Identity } from '#shared/model/index.ts'
import { connect } from '#store/connect.ts'
import { type Pack, unpack } from '#store/packs.ts'
import type { Store, StoredAccount, StoreMessage } from '#store/store.ts'
import { addAccount, addIdentity, batch, key, message, open, tempDir } from './support.ts'

const at = '2026-06-01T00:00:00.000Z'
const later = '2026-06-15T00:00:00.000Z'

let dir: string
let store: Store
let identity: Identity
let account: StoredAccount

beforeEach(async () => {
  dir = tempDir()
  store = await open(dir)
  identity = await addIdentity(store)
  account = await addAccount(store, identity)
})

/** Every byte of an office as whoever has its key can read it: all pages of the database, free ones and gaps included, and all other files. */
function bytesOf(office: string): Buffer {
  const all: Buffer[] = []
  for (const entry of readdirSync(office, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) all.push(readFileSync(join(entry.parentPath, entry.name)))
  const db = connect({ file: join(office, 'office.db'), key, mode: 'read' })
  try {
    // Decrypted page by page as they lie in the file, and as the log has them.
    const pages = db.serialize()
    expect(pages.byteLength).toBe(
      Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
    )
    // Records lie in packs, compressed.
    const packs = db.prepare('SELECT codec, size, content FROM pack').all() as Pack[]
    return Buffer.concat([pages, ...packs.map(unpack), ...all])
  } finally {
    db.close()
  }
}

const letters = (n: number): string => Array.from(String(n), (digit) => 'abcdefghij'[Number(digit)]).join('')
/** Words that stand nowhere else, for one message; the index keeps words without what they begin with alike. */
const secret = (n: number) => `quuxvenom${letters(n)}zyxwvuts`

function telling(n: number, changes: Partial<StoreMessage> = {}): StoreMessage {
  const word = secret(n)
  return message(n, {
    remoteId: `${word}-id@example`,
    threadKeys: [`${word}-id@example`],
    from: { name: `Name${word}`, handle: `${word}@doomed.example` },
    subject: `About ${word}`,
    text: `The text of ${word}. ${'Words that repeat. '.repeat(20)}`,
    attachments: [{ index: 0, name: `${word}.pdf`, mediaType: 'application/pdf', size: 1, contentId: null, inline: false }],
    raw: Buffer.from(`Message-ID: <${word}-id@example>\r\nSubject: About ${word}\r\n\r\nThe text of ${word}. ${'x'.repeat(300)}`),
    ...changes,
  })
}

async function carryOut(id: string, beforeRewrite: () => void = () => undefined): Promise<void> {
  while (await store.write.disposeStep(id, later, 40));
  await store.write.disposeRest(id)
  while (await store.write.disposeWords());
  beforeRewrite()
  await store.rewrite()
  // Pages in the log that newer ones replaced would not be seen; none of them is from before.
  expect(statSync(join(dir, 'office.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0)
  await store.write.finishDisposal({ identityId: identity.id, id, at: later, certificate: 'note', hash: '0'.repeat(64) })
}

test('nothing of what was disposed of is left in any byte of the office', { timeout: 120_000 }, async () => {
  // Ids in no order and of many lengths, so that pages are split again and again.
  const id = (n: number) =>
    `${createHash('sha256')
      .update(String(n))
      .digest('hex')
      .slice(n % 60)}-${doomed.has(n) ? secret(n) : n}`
  const doomed = new Set(Array.from({ length: 1200 }, (_, n) => n).filter((n) => n % 3 === 0))
  const one = (n: number) => {
    const from = { name: `Name${secret(3)}`, handle: 'Quuxvenom@doomed.example' }
    const ids = { remoteId: id(n), threadKeys: [id(n)] }
    return doomed.has(n) ? telling(n, { from, ...ids }) : message(n, ids)
  }
  for (let from = 0; from < 1200; from += 200)
    await store.write.applyBatch(
      batch(
        account,
        Array.from({ length: 200 }, (_, k) => one(from + k)),
      ),
    )
  // Later versions of other lengths, in no order, and a large record.
  for (let round = 1; round < 6; round++) {
    const longer = (n: number) => {
      const text = `${one(n).text} ${'More of it. '.repeat((n * 7 * round) % 90)}`
      return { ...one(n), text, raw: Buffer.from(`${text} ${round}`), mediaType: 'application/json' }
    }
    const some = Array.from({ length: 300 }, (_, k) => longer((k * 7 * round) % 1200))
    await store.write.applyBatch(batch(account, some))
  }
  const big = telling(1500, {
    from: { name: 'Name', handle: 'quuxvenom@doomed.example' },
    raw: Buffer.from(`${secret(1500)} `.repeat(20_000)),
  })
  await store.write.applyBatch(batch(account, [big]))
  const words = [...doomed, 1500].map(secret)
  const made = await store.write.proposeDisposal({
    identityId: identity.id,
    by: 'Ada',
    at,
    handle: ' QUUXVENOM@doomed.example',
    reason: 'Request 7',
    dueAt: later,
  })
  expect(made).toMatchObject({ going: doomed.size + 1, kept: 0 })
  await store.write.approveDisposal({ identityId: identity.id, id: made.id, by: 'Bea', at })
  const before = bytesOf(dir)
  for (const word of words) expect(before.includes(word), word).toBe(true)
  await carryOut(made.id, () => {
    // Deleted, and overwritten where it was; but not where it had been before its page was split.
    expect(bytesOf(dir).includes('zyxwvuts')).toBe(true)
  })
  for (const place of ['open', 'closed']) {
    if (place === 'closed') await store.close()
    const after = bytesOf(dir).toString('latin1').toLowerCase()
    for (const word of [...words, 'doomed.example', 'quuxvenom', 'zyxwvuts'])
      expect(after.includes(word.toLowerCase()), `${word}, ${place}`).toBe(false)
    expect(after).toContain('text of message 5')
  }
  expect(readdirSync(dir)).not.toContain('office.db.fresh')
})
