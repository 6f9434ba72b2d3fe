import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { fromBase64 } from '#archive/base64.ts'
import { commit } from '#archive/commitment.ts'
import { Entry } from '#archive/entries.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { leafHash } from '#archive/tree/hash.ts'
import { verifyConsistency, verifyInclusion } from '#archive/tree/proof.ts'
import type { LedgerCarry, LedgerFault } from '#shared/contract/index.ts'
import type { Identity, MessageId } from '#shared/model/index.ts'
import type { StoredAccount } from '#store/store.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

let office: Direct
let identity: Identity
let account: StoredAccount

beforeEach(() => {
  office = direct()
  identity = identityIn(office)
  account = accountIn(office, identity)
})

const at = '2026-03-01T00:00:00.000Z'
const head = () => office.read.ledgers().find((ledger) => ledger.identityId === identity.id) ?? { size: 0, root: '' }
const entries = () => office.read.entries(identity.id, 0, 100_000).map((entry) => Entry.parse(JSON.parse(entry)))
const bytes = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array()
const messages = (from: number, count: number) => Array.from({ length: count }, (_, index) => message(from + index))
const conversations = () =>
  office.read
    .page({
      filter: { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false },
      from: null,
      until: null,
      limit: 200,
    })
    .rows.map((row) => ({ id: row.id, identityId: row.identityId }))

/** The whole check, in steps of `step` entries. */
function verify(step = 100_000): { faults: LedgerFault[]; carry: LedgerCarry } {
  const faults: LedgerFault[] = []
  for (let carry: LedgerCarry | null = null; ; ) {
    const one = office.read.verifyLedger(identity.id, carry, step, true)
    faults.push(...one.faults)
    carry = one.carry
    if (one.done) return { faults, carry }
  }
}

test('a message is in the ledger with the transaction that brought it, and what was captured opens its commitment', () => {
  office.write.applyBatch(batch(account, messages(1, 3)))
  expect(entries()).toMatchObject(
    [1, 2, 3].map((_, seq) => ({ kind: 'capture', seq, account: account.id, origin: 'sync', version: 1 })),
  )
  const { size, root } = head()
  for (const id of office.reader.column<number>('SELECT id FROM message')) {
    const [proof, ...more] = office.read.recordProofs(String(id) as MessageId)
    if (!proof || more.length > 0) throw new Error('one version')
    expect(JSON.parse(proof.entry)).toMatchObject({ commitment: commit(nodeSha256, bytes(proof.salt), proof.manifest) })
    expect(JSON.parse(proof.manifest)).toMatchObject({
      capturedAt: expect.any(String),
      endpoint: expect.any(String),
      remoteId: expect.any(String),
    })
    const path = office.read.inclusionProof(identity.id, proof.seq, size).map(bytes)
    expect(verifyInclusion(nodeSha256, leafHash(nodeSha256, proof.entry), proof.seq, size, path, bytes(root))).toBe(true)
  }
  expect(verify().faults).toEqual([])
})

test('what the answer said of itself is committed to as well', () => {
  const answer = { headers: [['etag', '"one"']] as [string, string][], clockOffsetMs: 1500 }
  office.write.applyBatch(batch(account, [message(1)], { answer }))
  const id = office.reader.value<number>('SELECT id FROM message')
  const [proof] = office.read.recordProofs(String(id) as MessageId)
  expect(JSON.parse(proof?.manifest ?? '')).toMatchObject(answer)
  expect(verify().faults).toEqual([])
})

test('an edit, a deletion, its taking back and what a person does are entries too', () => {
  office.write.updateAccount({
    id: account.id,
    identityId: identity.id,
    status: { ...account.status, lastSyncAt: '2026-02-01T00:00:00.000Z' },
  })
  office.write.applyBatch(batch(account, [message(1)]))
  office.write.applyBatch(batch(account, [message(1, { raw: Buffer.from('other bytes'), mediaType: 'application/json' })]))
  const place = message(1).place ?? ''
  office.write.applyBatch(batch(account, [], { gone: [place] }))
  office.write.applyBatch(batch(account, [message(1)]))
  const [target] = conversations()
  if (!target) throw new Error('one conversation')
  office.write.setState([target], 'done', at)
  const { act } = office.write.snooze([target], '2026-04-01T00:00:00.000Z', at)
  office.write.undo(act, [], at)
  const kinds = entries().map((entry) => (entry.kind === 'triage' ? `${entry.act} ${entry.value}` : entry.kind))
  expect(kinds).toEqual([
    'capture',
    'edit',
    'deletion',
    'deletion',
    'state done',
    'snooze 2026-04-01T00:00:00.000Z',
    'undo snooze',
  ])
  expect(entries().filter((entry) => entry.kind === 'deletion')).toMatchObject([
    { state: 'gone', lastSeen: '2026-02-01T00:00:00.000Z' },
    { state: 'back' },
  ])
  expect(verify().faults).toEqual([])
})

test('each identity has a ledger of its own', () => {
  const other = identityIn(office, 'Institution', 'institutional')
  const theirs = accountIn(office, other)
  office.write.applyBatch(batch(account, messages(1, 2)))
  office.write.applyBatch(batch(theirs, messages(1, 5)))
  office.write.setState(conversations(), 'done', at)
  expect(office.read.ledgers()).toMatchObject([
    { identityId: identity.id, size: 3 },
    { identityId: other.id, size: 6 },
  ])
})

test('what is rolled back leaves no entry, and the next ones follow on', () => {
  office.write.applyBatch(batch(account, messages(1, 300)))
  const before = head()
  office.sql.exec("CREATE TEMP TRIGGER broken BEFORE INSERT ON stream BEGIN SELECT RAISE(ABORT, 'broken'); END")
  expect(() => office.write.applyBatch(batch(account, messages(301, 10), { stream: 'Other' }))).toThrow()
  office.sql.exec('DROP TRIGGER broken')
  expect(head()).toEqual(before)
  office.write.applyBatch(batch(account, messages(301, 300)))
  expect(head().size).toBe(600)
  expect(verify().faults).toEqual([])
})

test('batches of any size give one ledger, checked in steps of any size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 700 }),
      (sizes, step) => {
        const start = head().size
        let next = start + 1
        const old = head()
        for (const size of sizes) {
          office.write.applyBatch(batch(account, messages(next, size)))
          next += size
        }
        const now = head()
        expect(now.size).toBe(next - 1)
        expect(verify(step)).toMatchObject({ faults: [], carry: { next: now.size, captures: now.size } })
        if (old.size === 0) return
        const { oldRoot, newRoot, proof } = office.read.consistencyProof(identity.id, old.size, now.size)
        expect({ oldRoot, newRoot }).toEqual({ oldRoot: old.root, newRoot: now.root })
        expect(verifyConsistency(nodeSha256, old.size, bytes(oldRoot), now.size, bytes(newRoot), proof.map(bytes))).toBe(true)
      },
    ),
    { numRuns: 12 },
  )
})

test('a key is named once, and again when it is another one', () => {
  const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')
  for (const publicKey of [key(1), key(1), key(2), key(2)])
    office.write.nameKey({ identityId: identity.id, office: 'o', publicKey, at })
  expect(entries()).toMatchObject([
    { kind: 'key', publicKey: key(1) },
    { kind: 'key', publicKey: key(2) },
  ])
})

test('a checkpoint is kept for a head that the ledger had, and for no other', () => {
  office.write.applyBatch(batch(account, messages(1, 2)))
  const { size, root } = head()
  const made = office.write.addCheckpoint({ identityId: identity.id, size, root, madeAt: at, note: 'note' })
  office.write.applyBatch(batch(account, messages(3, 2)))
  expect(office.write.addCheckpoint({ identityId: identity.id, size, root, madeAt: at, note: 'again' })).toMatchObject({ size })
  for (const wrong of [
    { size: 3, root },
    { size: 99, root },
    { size, root: 'x' },
  ])
    expect(() => office.write.addCheckpoint({ identityId: identity.id, madeAt: at, note: '', ...wrong })).toThrow(/no such head/)
  office.write.addTimestamp({ id: made.id, timestamp: 'AAAA', authority: 'pem' })
  expect(office.read.checkpoints(identity.id, 9)).toMatchObject([
    { note: 'again', timestamp: null },
    { timestamp: 'AAAA', authority: 'pem' },
  ])
})

const attacks: Record<string, { sql: string; code: LedgerFault['code'] }> = {
  'a record that is gone': { sql: 'DELETE FROM record WHERE id = 2', code: 'record_missing' },
  'a record with other bytes': {
    sql: "UPDATE pack SET content = CAST(replace(CAST(content AS TEXT), 'message 2', 'message 9') AS BLOB), codec = 0",
    code: 'content_differs',
  },
  'a request with another address': { sql: "UPDATE request SET endpoint = 'imap://other'", code: 'commitment_differs' },
  'a request with another time': {
    sql: "UPDATE request SET captured_at = '2020-01-01T00:00:00.000Z'",
    code: 'commitment_differs',
  },
  'a record with another salt': { sql: 'UPDATE record SET salt = zeroblob(32) WHERE id = 2', code: 'commitment_differs' },
  'two records that changed places': {
    sql: 'UPDATE record SET seq = 99 WHERE id = 1; UPDATE record SET seq = 0 WHERE id = 2; UPDATE record SET seq = 1 WHERE id = 1',
    code: 'commitment_differs',
  },
  'an entry that was cut off': {
    sql: "UPDATE ledger_bundle SET content = CAST('x' AS BLOB), codec = 0, size = 1",
    code: 'entry_changed',
  },
  'a bundle that is gone': { sql: 'DELETE FROM ledger_bundle', code: 'entry_missing' },
  'a bundle that cannot be read': { sql: "UPDATE ledger_bundle SET content = x'00'", code: 'bundle_missing' },
  'a hash that was changed': { sql: 'UPDATE ledger_tile SET hashes = zeroblob(length(hashes))', code: 'hashes_differ' },
  'a checkpoint with another root': { sql: 'UPDATE checkpoint SET root = zeroblob(32)', code: 'checkpoint_differs' },
}

test.each(Object.entries(attacks))('found: %s', (_, { sql, code }) => {
  office.write.applyBatch(batch(account, messages(1, 3)))
  office.write.addCheckpoint({ identityId: identity.id, ...head(), madeAt: at, note: 'note' })
  expect(verify().faults).toEqual([])
  // As somebody would who has the key and writes with another program: without what the database itself forbids.
  office.sql.exec('PRAGMA foreign_keys = OFF')
  for (const name of office.sql.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
    office.sql.exec(`DROP TRIGGER "${String(name)}"`)
  office.sql.exec(sql)
  expect(verify().faults.map((fault) => fault.code)).toContain(code)
})

const refused = {
  'a ledger made shorter': 'UPDATE ledger SET size = 1',
  'a ledger taken away': 'DELETE FROM ledger',
  'a bundle taken away': 'DELETE FROM ledger_bundle',
  'a full bundle changed': "UPDATE ledger_bundle SET content = x'00' WHERE n = 0",
  'a bundle given to another identity': 'UPDATE ledger_bundle SET identity_id = 2',
  'a tile taken away': 'DELETE FROM ledger_tile',
  'a full tile changed': "UPDATE ledger_tile SET hashes = x'00' WHERE n = 0 AND level = 0",
  'a checkpoint taken away': 'DELETE FROM checkpoint',
  'a checkpoint changed': "UPDATE checkpoint SET note = 'x'",
  'a record with another number': 'UPDATE record SET seq = 9 WHERE id = 1',
  'a record with another salt': 'UPDATE record SET salt = zeroblob(32) WHERE id = 1',
  'a request rewritten': "UPDATE request SET endpoint = 'x'",
}
test.each(Object.entries(refused))('refused by the database: %s', (_, sql) => {
  identityIn(office, 'Institution', 'institutional')
  office.write.applyBatch(batch(account, messages(1, 300)))
  office.write.addCheckpoint({ identityId: identity.id, ...head(), madeAt: at, note: 'note' })
  expect(() => office.sql.exec(sql)).toThrow(/cannot be changed|only grows|is kept|is in the ledger/)
})
