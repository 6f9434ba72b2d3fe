import { beforeEach, expect, test } from 'vitest'
import type { Identity, IdentityId, MessageId } from '#shared/model/index.ts'
import type { StoredAccount } from '#store/store.ts'
import { queryOf } from '../support/ask.ts'
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

const hour = (n: number) => new Date(Date.UTC(2026, 1, 1, n)).toISOString()
const idOf = (n: number) =>
  String(office.sql.prepare('SELECT id FROM message WHERE remote_id = ?').pluck().get(`<m${n}@example>`)) as MessageId
const edited = (n: number, text: string) => message(n, { text, raw: new TextEncoder().encode(text) })

test('versions are told oldest first, each with the entry and what opens it', () => {
  office.write.applyBatch(batch(account, [edited(1, 'one')], { capturedAt: hour(1) }))
  office.write.applyBatch(batch(account, [message(2)], { capturedAt: hour(2) }))
  office.write.applyBatch(batch(account, [edited(1, 'one, edited')], { capturedAt: hour(3) }))
  const told = office.read.history(idOf(1), 10)
  expect(told).toMatchObject({ identityId: identity.id, older: 0, deletion: null })
  expect(told?.versions.map(({ seq, manifest }) => [seq, manifest.version, manifest.capturedAt])).toEqual([
    [0, 1, hour(1)],
    [2, 2, hour(3)],
  ])
  expect(told?.versions.map(({ entry, manifestText, salt }) => ({ entry, manifest: manifestText, salt }))).toEqual(
    office.read.recordProofs(idOf(1)).map(({ entry, manifest, salt }) => ({ entry, manifest, salt })),
  )
  const raw = (version?: number) => new TextDecoder().decode(office.read.source(idOf(1), version)?.raw)
  expect([raw(1), raw(2), raw()]).toEqual(['one', 'one, edited', 'one, edited'])
  expect(office.read.source(idOf(1), 3)).toBeNull()
})

test('of many versions the newest are told, and the others counted', () => {
  for (let n = 1; n <= 5; n++) office.write.applyBatch(batch(account, [edited(1, `text ${n}`)]))
  const told = office.read.history(idOf(1), 2)
  expect(told?.versions.map(({ manifest }) => manifest.version)).toEqual([4, 5])
  expect(told?.older).toBe(3)
  expect(office.read.history('999' as MessageId, 2)).toBeNull()
})

test.each([0, 3000])('a deletion is told with when the message was last seen, among %i other entries', (others) => {
  const many = (from: number) => Array.from({ length: others / 2 }, (_, index) => message(from + index))
  office.write.applyBatch(batch(account, many(1000), { capturedAt: hour(1) }))
  office.write.applyBatch(batch(account, [message(1)], { capturedAt: hour(2) }))
  const status = { ...account.status, lastSyncAt: hour(3) }
  office.write.updateAccount({ id: account.id, identityId: identity.id, status })
  office.write.applyBatch(batch(account, [], { gone: ['INBOX:1'], capturedAt: hour(4) }))
  office.write.applyBatch(batch(account, many(9000), { capturedAt: hour(5) }))
  expect(office.read.history(idOf(1), 1)?.deletion).toEqual({ foundAt: hour(4), lastSeen: hour(3) })
  // One that came back is as any other again.
  office.write.applyBatch(batch(account, [message(1)], { capturedAt: hour(6) }))
  expect(office.read.history(idOf(1), 1)?.deletion).toBeNull()
})

test('a deletion that the ledger does not tell of is told without when it was last seen', () => {
  office.write.applyBatch(batch(account, [message(1)]))
  office.sql.prepare('UPDATE message SET deleted_at = ?').run(hour(9))
  expect(office.read.history(idOf(1), 1)?.deletion).toEqual({ foundAt: hour(9), lastSeen: null })
})

test('records are counted as an export would choose them', () => {
  const other = identityIn(office, 'Institution', 'institutional')
  const theirs = accountIn(office, other)
  office.write.applyBatch(batch(account, [edited(1, 'harbour wall'), edited(2, 'harbour dues'), message(3)]))
  office.write.applyBatch(batch(account, [edited(2, 'harbour dues again')]))
  office.write.applyBatch(batch(theirs, [edited(4, 'harbour lights')]))
  const wanted = (text: string) => (text === '' ? null : queryOf(text))
  const chosen = (text: string, ids: IdentityId[]) =>
    office.read
      .chooseRecords(wanted(text), Object.fromEntries(ids.map((id) => [id, 1000])) as Record<IdentityId, number>)
      .reduce((sum, { seqs }) => sum + seqs.length, 0)
  for (const text of ['', 'harbour', 'harbour dues', 'nothing of it', '!'])
    for (const ids of [[identity.id], [other.id], [identity.id, other.id]])
      expect([text, ids, office.read.countRecords(wanted(text), ids)]).toEqual([text, ids, chosen(text, ids)])
  expect(office.read.countRecords(queryOf('harbour'), null)).toBe(4)
})
