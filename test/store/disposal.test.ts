import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { LedgerCarry, LedgerFault, LedgerStep } from '#shared/contract/index.ts'
import type { ConversationId, Identity } from '#shared/model/index.ts'
import { connect } from '#store/connect.ts'
import { type Pack, unpack } from '#store/packs.ts'
import type { Store, StoredAccount, StoreMessage } from '#store/store.ts'
import { ask } from '../support/ask.ts'
import { addAccount, addIdentity, batch, key, message, open, openFilter, tempDir } from './support.ts'

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

/** What was to be sent to somebody who is to be forgotten, and what the network said of them. */
async function writeToThem(conversation: ConversationId): Promise<void> {
  const target = (await store.read.conversation(conversation, 1))?.messages[0]?.id ?? null
  const from = {
    identityId: identity.id,
    accountId: account.id,
    quote: null,
    after: null,
    leaves: 'done' as const,
    by: 'Ada',
    at,
  }
  const words = { do: 'publish' as const, kind: 'mail' as const, subject: '', warning: '', language: null, media: [] }
  const mail = { ...words, cc: [], bcc: [], visibility: null }
  const item = { ...from, notBefore: later }
  await store.write.queueItem({ ...item, target, content: { ...mail, text: secret(3000), to: [] } })
  const to = [{ name: '', handle: 'QuuxVenom@doomed.example' }]
  await store.write.queueItem({ ...item, target: null, content: { ...mail, text: secret(3001), to } })
  const plain = { userId: null, name: 'Q', about: secret(3002), link: null, since: null, automated: false, at, counts: {} }
  const profile = { profile: { ...plain, handle: 'quuxvenom@doomed.example' }, mediaType: 'a/b', endpoint: 'e:' }
  const raw = Buffer.from(secret(3002))
  await store.write.addProfile({ accountId: account.id, identityId: identity.id, profile: { ...profile, raw } })
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
  const imported = { from: big.from, place: null, endpoint: `file:${secret(1600)}.eml` }
  const stream = `import:eml:/srv/import/${secret(1600)}.eml`
  await store.write.applyBatch(batch(account, [telling(1600, imported)], { stream, origin: 'file', cursor: secret(1600) }))
  // What the office wrote about it: on a conversation that goes, and on one that stays without these messages.
  const shared = telling(1700, { from: big.from, threadKeys: ['shared'] })
  await store.write.applyBatch(batch(account, [shared, message(1701, { threadKeys: ['shared'], remoteId: 'stays' })]))
  const { rows } = await store.read.page({ filter: { ...openFilter, view: 'all' }, from: null, until: null, limit: 500 })
  const label = await store.write.addLabel({ identityId: identity.id, kind: 'topic', name: 'Ferry', color: 'red', at })
  const noted = rows.filter(({ subject, messages }) => subject.includes('zyxwvuts') || messages > 1)
  await store.write.putLabels(noted, [label.id], [], at)
  for (const [n, row] of noted.entries()) {
    const note = { identityId: identity.id, by: 'Ada', at }
    const added = await store.write.addNote({ ...note, conversationId: row.id, text: `${secret(2000 + n)} called` })
    await store.write.editNote({ ...note, id: added.note.id, text: n % 2 === 0 ? null : `${secret(2000 + n)} wrote` })
  }
  await writeToThem(noted.find(({ messages }) => messages === 1)?.id as ConversationId)
  const words = [...doomed, 1500, 1600, 1700, ...noted.map((_, n) => 2000 + n), 3000, 3001, 3002].map(secret)
  const made = await store.write.proposeDisposal({
    identityId: identity.id,
    by: 'Ada',
    at,
    handle: ' QUUXVENOM@doomed.example',
    reason: 'Request 7',
    dueAt: later,
  })
  expect(made).toMatchObject({ going: doomed.size + 3, kept: 0 })
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
  const again = await open(dir)
  // The label itself is the office's own word, and stays where something has it.
  expect((await again.read.badges()).labels[label.id]).toMatchObject({ open: 1 })
  expect((await again.read.doctor()).filter((finding) => !finding.ok)).toEqual([])
})

const program = fileURLToPath(new URL('./fixtures/killed-disposal.ts', import.meta.url))

/** Carries the disposal out in another process, and kills it so many milliseconds after it said so many letters, or this one. */
async function runAndKill(after: number | string, ms: number): Promise<{ said: string; done: boolean }> {
  const child = spawn(process.execPath, [program, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let said = ''
  for await (const line of createInterface({ input: child.stdout })) {
    said += line
    if (said.length === after || line === after) setTimeout(() => child.kill('SIGKILL'), ms)
  }
  const [code, signal] = await ended
  expect(code === 0 || signal === 'SIGKILL', said).toBe(true)
  return { said, done: code === 0 }
}

test('killed at any moment, again and again: a disposal goes on, and the office is sound at every one', {
  timeout: 180_000,
}, async () => {
  const mine = (n: number) =>
    telling(n, { from: { name: 'Name', handle: 'quuxvenom@doomed.example' }, threadKeys: [`shared ${n % 4}`] })
  const doomed = Array.from({ length: 24 }, (_, n) => mine(n * 2))
  const kept = Array.from({ length: 24 }, (_, n) => message(n * 2 + 1, { threadKeys: [`shared ${n % 8}`] }))
  await store.write.applyBatch(batch(account, [...doomed, ...kept]))
  await store.write.applyBatch(batch(account, [{ ...mine(0), raw: Buffer.alloc(80_000, 'quuxvenom '), mediaType: 'a/b' }]))
  const { id } = await store.write.proposeDisposal({
    identityId: identity.id,
    by: 'Ada',
    at,
    handle: 'quuxvenom@doomed.example',
    reason: 'Request 7',
    dueAt: later,
  })
  await store.write.approveDisposal({ identityId: identity.id, id, by: 'Bea', at })
  await store.close()
  const anywhere = fc.sample(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 25 })), {
    numRuns: 6,
    seed: Date.now(),
  })
  // While the database is written anew, and when it has been, but nothing says so yet.
  const late = ['r', 'x', 'x', 'x', 'y'].map((letter, n) => [letter, n * 3] as const)
  for (const [when, ms] of [...anywhere, ...late, ['nothing', 0] as const]) {
    const { said, done } = await runAndKill(when, ms)
    const again = await open(dir)
    const all: LedgerFault[] = []
    for (let carry: LedgerCarry | null = null; ; ) {
      const step: LedgerStep = await again.read.verifyLedger(identity.id, carry, 1000, true)
      all.push(...step.faults)
      carry = step.carry
      if (step.done) break
    }
    expect({ said, faults: all }).toEqual({ said, faults: [] })
    expect((await again.read.doctor()).filter((finding) => !finding.ok)).toEqual([])
    // What was removed does not come back with a sync in between.
    const { gone } = await again.read.disposal(identity.id, id)
    expect((await again.write.applyBatch(batch(account, [...doomed.slice(0, 1), ...kept]))).new).toBe(0)
    expect((await again.read.disposal(identity.id, id)).gone).toBe(gone)
    await again.close()
    expect(readdirSync(dir)).not.toContain('office.db.fresh')
    if (done) break
  }
  const after = bytesOf(dir)
  for (const word of ['quuxvenom', 'zyxwvuts', 'doomed.example']) expect(after.includes(word), word).toBe(false)
  const last = await open(dir)
  expect(await last.read.disposal(identity.id, id)).toMatchObject({ state: 'done', going: 24, gone: 24 })
  expect(await last.read.find(ask('text', 200))).toMatchObject({ hits: { length: 24 } })
})

test('the database is written anew while it is in use: others wait, and miss nothing', async () => {
  await store.write.applyBatch(
    batch(
      account,
      Array.from({ length: 50 }, (_, n) => message(n)),
    ),
  )
  const [, badges, { new: added }] = await Promise.all([
    store.rewrite(),
    store.read.badges(),
    store.write.applyBatch(batch(account, [message(50), message(51)])),
    store.rewrite(),
  ])
  expect({ all: badges.all.open > 0, added }).toEqual({ all: true, added: 2 })
  expect((await store.read.doctor()).filter((finding) => !finding.ok)).toEqual([])
  expect(await store.read.find(ask('text', 200))).toMatchObject({ hits: { length: 52 } })
})
