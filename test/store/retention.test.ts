import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { Disposal, HoldOn, LedgerCarry, LedgerFault } from '#shared/contract/index.ts'
import type { ConversationId, Identity, LabelId } from '#shared/model/index.ts'
import type { StoredAccount, StoreMessage } from '#store/store.ts'
import { ask } from '../support/ask.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

const at = '2026-06-01T00:00:00.000Z'
const dueAt = '2026-06-15T00:00:00.000Z'
const who = 'ana@example.org'
const ana = { name: 'Ana', handle: 'Ana@Example.org' }

let office: Direct
let identity: Identity
let account: StoredAccount

beforeEach(() => {
  office = direct()
  identity = identityIn(office)
  account = accountIn(office, identity)
})

const receive = (...messages: StoreMessage[]) => office.write.applyBatch(batch(account, messages))
const fromAna = (n: number, changes: Partial<StoreMessage> = {}) => message(n, { from: ana, ...changes })
const doing = (by: string) => ({ identityId: identity.id, by, at })
const propose = (handle: string | null = who) =>
  office.write.proposeDisposal({ ...doing('Ada Berg'), handle, reason: 'Request 7', dueAt })
const approve = (id: string, by = 'Bea') => office.write.approveDisposal({ ...doing(by), id })
const hold = (on: HoldOn) => office.write.setHold({ ...doing('Ada'), on, reason: 'Inquiry' })
const show = (id: string): Disposal => office.read.disposal(identity.id, id)
const remoteIds = () => office.reader.column<string>('SELECT remote_id FROM message ORDER BY id')

/** Everything but the rewriting of the file and the certificate. */
function carryOut(id: string, step = 2): void {
  while (office.write.disposeStep(id, dueAt, step));
  office.write.disposeRest(id)
  while (office.write.disposeWords());
}
const finish = (id: string) =>
  office.write.finishDisposal({ identityId: identity.id, id, at: dueAt, certificate: 'note', hash: 'a'.repeat(64) })

function faults(of = identity): LedgerFault[] {
  const found: LedgerFault[] = []
  for (let carry: LedgerCarry | null = null; ; ) {
    const step = office.read.verifyLedger(of.id, carry, 7, true)
    found.push(...step.faults)
    carry = step.carry
    if (step.done) return found
  }
}
const unsound = () => office.read.doctor().filter((finding) => !finding.ok)

test('what a person wrote goes, with all that is kept of it, and the rest stays', () => {
  receive(fromAna(1), message(2), fromAna(3, { raw: Buffer.alloc(70_000, 5) }))
  receive(fromAna(1, { raw: Buffer.from('second version'), mediaType: 'application/json' }))
  const entered = office.reader.column<number>(
    'SELECT r.seq FROM record r JOIN message m ON m.id = r.message_id WHERE m.from_name = ? ORDER BY r.seq',
    'Ana',
  )
  expect(entered).toHaveLength(3)
  const { id } = propose(' ANA@example.ORG ')
  approve(id)
  expect(faults()).toEqual([])
  carryOut(id, 1)
  expect(faults()).toEqual([])
  expect(finish(id)).toMatchObject({ state: 'done', going: 2, gone: 2, kept: 0, handle: null })
  expect(faults()).toEqual([])
  expect(remoteIds()).toEqual(['<m2@example>'])
  for (const [table, left] of Object.entries({
    record: 1,
    body: 1,
    place: 1,
    conversation: 1,
    thread_key: 1,
    person: 1,
    handle: 1,
  }))
    expect(office.reader.value(`SELECT count(*) FROM ${table}`), table).toBe(left)
  expect(office.read.find(ask('message', 10)).hits).toHaveLength(1)
  expect(office.reader.column<number>('SELECT seq FROM disposed ORDER BY seq')).toEqual(entered)
  expect(unsound()).toEqual([])
})

test('the ledger says who proposed, approved and carried out what, and says nothing of whom', () => {
  receive(fromAna(1), message(2))
  const { id } = propose()
  approve(id)
  carryOut(id)
  finish(id)
  const entries = office.read.entries(identity.id, 2, 10).map((entry) => JSON.parse(entry))
  expect(entries).toMatchObject([
    { kind: 'policy', what: 'disposal.proposed', by: 'Ada Berg' },
    { kind: 'policy', what: 'disposal.approved', by: 'Bea' },
    { kind: 'disposal', disposal: id, entries: [0], proposedBy: 'Ada Berg', approvedBy: 'Bea', certificate: 'a'.repeat(64) },
  ])
  expect(JSON.stringify(entries).toLowerCase()).not.toContain('ana')
  expect(JSON.stringify(office.reader.all('SELECT detail FROM policy')).toLowerCase()).not.toContain('ana')
})

const holds: Record<string, (conversation: ConversationId) => HoldOn> = {
  identity: () => ({ scope: 'identity' }),
  account: () => ({ scope: 'account', accountId: account.id }),
  conversation: (conversationId) => ({ scope: 'conversation', conversationId }),
  person: () => ({ scope: 'person', handle: 'ANA@example.org' }),
}
test.each(Object.keys(holds))('a hold on %s beats a request and a schedule, also one set after the approval', (name) => {
  receive(fromAna(1))
  const conversation = String(office.reader.value('SELECT id FROM conversation')) as ConversationId
  const on = holds[name]?.(conversation)
  if (!on) throw new Error('no such hold')
  const first = propose()
  approve(first.id)
  const set = hold(on)
  carryOut(first.id)
  expect(show(first.id)).toMatchObject({ going: 0, gone: 0, kept: 1 })
  finish(first.id)
  expect(propose()).toMatchObject({ going: 0, kept: 1, holds: [{ hold: set.id, messages: 1 }] })
  office.write.setSchedule({ ...doing('Ada'), network: null, kind: null, labelId: null, days: 1 })
  expect(propose(null)).toMatchObject({ cause: 'schedule', going: 0, kept: 1 })
  expect(remoteIds()).toHaveLength(1)
  office.write.liftHold({ ...doing('Ada'), id: set.id, reason: 'Over' })
  const second = propose()
  expect(second).toMatchObject({ going: 1, kept: 0 })
  approve(second.id)
  carryOut(second.id)
  expect(remoteIds()).toEqual([])
  expect(faults()).toEqual([])
  expect(unsound()).toEqual([])
})

test('a hold on a person also keeps what went to them, and a lifted one forgets them with the rest', () => {
  receive(fromAna(1), message(2, { direction: 'outbound', from: { name: 'Office', handle: 'o@p.example' }, to: [ana] }))
  office.write.setSchedule({ ...doing('Ada'), network: null, kind: null, labelId: null, days: 1 })
  const set = hold({ scope: 'person', handle: who })
  expect(propose(null)).toMatchObject({ going: 0, kept: 2 })
  office.write.liftHold({ ...doing('Ada'), id: set.id, reason: 'Ana is done' })
  const { id } = propose(null)
  approve(id)
  carryOut(id)
  expect(office.read.holds(identity.id, true)).toMatchObject([{ on: { scope: 'person', handle: null }, reason: '' }])
  expect(JSON.stringify(office.reader.all('SELECT handle, reason, lifted_reason, detail FROM hold'))).not.toMatch(/ana/i)
})

test('it takes two people, whatever way they write their names, and 14 days', () => {
  receive(fromAna(1))
  const { id } = propose()
  expect(() => office.write.disposeStep(id, dueAt, 10)).toThrow(/from 2026-06-15/)
  for (const same of ['Ada Berg', ' ada  BERG ', 'ＡＤＡ Berg']) expect(() => approve(id, same)).toThrow(/two people/)
  approve(id)
  expect(() => approve(id, 'Cleo')).toThrow(/approved/)
  expect(() => office.write.disposeStep(id, '2026-06-14T23:59:59.999Z', 10)).toThrow(/from 2026-06-15/)
  expect(() => office.write.disposeRest(id)).toThrow()
  expect(() => finish(id)).toThrow(/approved/)
  expect(remoteIds()).toHaveLength(1)
  // Nor by the database's own hand.
  expect(() => office.sql.exec("UPDATE disposal SET approved_by = 'Cleo'")).toThrow(/approved/)
  expect(() => office.sql.exec('DELETE FROM disposal')).toThrow(/kept/)
  office.write.withdrawDisposal({ ...doing('Cleo'), id })
  expect(() => office.write.disposeStep(id, dueAt, 10)).toThrow(/withdrawn/)
  expect(() => approve(id)).toThrow(/withdrawn/)
  expect(show(id)).toMatchObject({ state: 'withdrawn', handle: null, withdrawn: { by: 'Cleo', at } })
})

test('nothing to dispose of is no disposal', () => {
  receive(message(1))
  expect(() => propose()).toThrow(/nothing/)
  expect(() => propose(null)).toThrow(/nothing/)
  expect(office.read.disposals(identity.id)).toEqual([])
  expect(office.read.ledgers()).toMatchObject([{ size: 1 }])
})

test('of schedules the one counts that names most; time runs from the last capture', () => {
  receive(message(1), message(2, { kind: 'article' }), message(3, { kind: 'post' }))
  const set = (network: 'mail' | null, kind: 'article' | 'post' | null, days: number) =>
    office.write.setSchedule({ ...doing('Ada'), network, kind, labelId: null, days })
  // Captured on 1 February, looked at on 1 June: 120 days.
  set(null, null, 119)
  const kept = set('mail', null, 121)
  expect(() => propose(null)).toThrow(/nothing/)
  set(null, 'article', 119)
  expect(propose(null)).toMatchObject({ going: 1 })
  set('mail', 'article', 121)
  expect(() => propose(null)).toThrow(/nothing/)
  set('mail', 'article', 100)
  office.write.clearSchedule({ ...doing('Ada'), id: kept.id })
  expect(propose(null)).toMatchObject({ going: 3, rule: expect.stringContaining('mail article 100 days') })
  office.write.applyBatch(
    batch(account, [message(3, { kind: 'post', raw: Buffer.from('edited'), mediaType: 'application/json' })], { capturedAt: at }),
  )
  expect(propose(null)).toMatchObject({ going: 2 })
  expect(office.read.schedules(identity.id)).toHaveLength(3)
})

test('a schedule by label counts before all others, and of several the one that keeps longest', () => {
  receive(message(1), message(2), message(3, { kind: 'article' }))
  const set = (labelId: LabelId | null, kind: 'article' | null, days: number) =>
    office.write.setSchedule({ ...doing('Ada'), network: null, kind, labelId, days })
  const label = (name: string, ...numbers: number[]) => {
    const made = office.write.addLabel({ identityId: identity.id, kind: 'label', name, color: 'red', at })
    const filter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false } as const
    const { rows } = office.read.page({ filter, from: null, until: null, limit: 10 })
    office.write.putLabels(
      rows.filter(({ subject }) => numbers.includes(Number(subject.slice(8)))),
      [made.id],
      [],
      at,
    )
    return made.id
  }
  const [short, long] = [label('Short', 1, 2, 3), label('Long', 2)]
  // Captured on 1 February, looked at on 1 June: 120 days.
  const kept = set(null, null, 3650)
  set(null, 'article', 3650)
  expect(office.read.disposable(identity.id, at)).toEqual({ schedules: [], going: 0, kept: 0 })
  const one = set(short, null, 119)
  const other = set(long, null, 121)
  expect(office.read.disposable(identity.id, at)).toEqual({
    schedules: [{ schedule: one.id, going: 2, kept: 0 }],
    going: 2,
    kept: 0,
  })
  office.write.clearSchedule({ ...doing('Ada'), id: other.id })
  expect(office.read.disposable(identity.id, at)).toMatchObject({ going: 3 })
  set(short, 'article', 121)
  expect(propose(null)).toMatchObject({ going: 2, rule: expect.stringContaining(`label ${short} 119 days`) })
  expect(office.read.schedules(identity.id)).toMatchObject([kept, { labelId: null }, { labelId: short }, { labelId: short }])
})

test('what would go now is told by schedule, with what a hold keeps, and without what is decided', () => {
  receive(fromAna(1), message(2), message(3))
  const schedule = office.write.setSchedule({ ...doing('Ada'), network: null, kind: null, labelId: null, days: 1 })
  hold({ scope: 'person', handle: who })
  const due = () => office.read.disposable(identity.id, at)
  const told = due()
  expect(told).toEqual({ schedules: [{ schedule: schedule.id, going: 2, kept: 1 }], going: 2, kept: 1 })
  const proposed = propose(null)
  expect(proposed).toMatchObject({ going: told.going, kept: told.kept })
  approve(proposed.id)
  expect(due()).toMatchObject({ going: 0, kept: 1 })
})

test('what was disposed of does not come back: not by a sync from the start, not out of a file, not at another place', () => {
  receive(fromAna(1), message(2))
  const { id } = propose()
  approve(id)
  carryOut(id)
  const again = (changes: Partial<StoreMessage>, stream = 'INBOX') =>
    office.write.applyBatch(batch(account, [fromAna(1, changes), message(2)], { stream }))
  expect(again({}).new).toBe(0)
  expect(again({ place: 'Archive:9' }, 'Archive').new).toBe(0)
  // The same bytes under another id.
  expect(again({ remoteId: 'import-1', place: null, raw: fromAna(1).raw }, 'import:mbox:/a').new).toBe(0)
  expect(remoteIds()).toEqual(['<m2@example>'])
  expect(office.read.has(account.id, ['<m1@example>', '<m2@example>', '<m3@example>'])).toEqual(['<m1@example>', '<m2@example>'])
  // Its place is known, so that nobody asks for it again, until it is gone there too.
  const places = () => office.read.known(account.id, 'INBOX').map(({ place }) => place)
  expect(places().sort()).toEqual(['INBOX:1', 'INBOX:2'])
  office.write.applyBatch(batch(account, [], { gone: ['INBOX:1'] }))
  expect(places()).toEqual(['INBOX:2'])
  // Another account is another matter.
  const other = accountIn(office, identity)
  expect(office.write.applyBatch(batch(other, [fromAna(1)])).new).toBe(1)
  // Nothing that is kept for this can be told without the key.
  expect(JSON.stringify(office.reader.all('SELECT account_id, hex(hash) FROM forgotten'))).not.toContain('m1@')
})

test('a conversation with messages that stay is as if the others had never been in it', () => {
  const people = [ana, { name: 'Bob', handle: 'bob@example.org' }]
  const letter = fc.record({
    thread: fc.integer({ min: 0, max: 2 }),
    who: fc.integer({ min: 0, max: 1 }),
    inbound: fc.boolean(),
    read: fc.boolean(),
    file: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(letter, { minLength: 1, maxLength: 12 }), (letters) => {
      const build = (keep: (who: number) => boolean): void => {
        office = direct()
        identity = identityIn(office)
        account = accountIn(office, identity)
        const all = letters.flatMap(({ thread, who: n, inbound, read, file }, k): StoreMessage[] => {
          const from = people[n] ?? ana
          const attachments = file
            ? [{ index: 0, name: 'a.pdf', mediaType: 'application/pdf', size: 1, contentId: null, inline: false }]
            : []
          const own = `k${String(k).padStart(2, '0')}`
          const raw = Buffer.from(`Message-ID: <${own}>\r\nReferences: <t${thread}>\r\n\r\n${k}`)
          const one = message(k, { from, threadKeys: [`t${thread}`, own], read, attachments, raw })
          return keep(n)
            ? [inbound ? one : { ...one, direction: 'outbound', to: [{ name: `To ${k}`, handle: 'x@y.example' }] }]
            : []
        })
        if (all.length > 0) office.write.applyBatch(batch(account, all))
      }
      const look = () => ({
        rows: office.reader.all(
          `SELECT key, unread, messages, attachments, latest_in, outbound, at, from_name, subject FROM conversation ORDER BY key`,
        ),
        keys: office.reader.column('SELECT key FROM thread_key ORDER BY key'),
        people: office.reader.all('SELECT name, named_by FROM person ORDER BY name'),
      })
      build((n) => n === 1)
      const wanted = look()
      build(() => true)
      const anas = letters.some(({ who: n }) => n === 0)
      if (!anas) return
      const { id } = propose()
      approve(id)
      carryOut(id)
      expect(look()).toEqual(wanted)
      expect(unsound()).toEqual([])
      expect(faults()).toEqual([])
    }),
    { numRuns: 30 },
  )
})

test('a conversation that needed a reply to what is left still does; one without messages never gives its number away', () => {
  receive(message(1, { threadKeys: ['t'] }), fromAna(2, { threadKeys: ['t'] }), fromAna(3))
  const [left, gone] = office.reader.column<number>('SELECT id FROM conversation ORDER BY messages DESC')
  const { id } = propose()
  approve(id)
  carryOut(id)
  expect(office.read.rows([String(left) as ConversationId, String(gone) as ConversationId])).toMatchObject([
    { id: String(left), state: 'needs_reply', messages: 1, unread: 1, from: 'Writer 1', snippet: 'Text of message 1' },
  ])
  receive(message(4))
  expect(office.reader.value('SELECT max(id) FROM conversation')).toBeGreaterThan(gone ?? 0)
  // Nor do records: the ledger names them.
  expect(office.reader.value('SELECT max(id) FROM record')).toBe(4)
  expect(faults()).toEqual([])
})

test('another identity is not touched, named or asked', () => {
  const other = identityIn(office, 'Institution', 'institutional')
  const theirs = accountIn(office, other)
  receive(fromAna(1))
  office.write.applyBatch(batch(theirs, [fromAna(1), fromAna(5)]))
  const before = office.reader.all('SELECT * FROM message WHERE identity_id = ?', Number(other.id))
  const { id } = propose()
  expect(show(id)).toMatchObject({ going: 1 })
  const stranger = { identityId: other.id, by: 'Bea', at }
  expect(() => office.write.approveDisposal({ ...stranger, id })).toThrow(/another identity/)
  expect(() => office.write.withdrawDisposal({ ...stranger, id })).toThrow(/another identity/)
  expect(() => office.read.disposal(other.id, id)).toThrow(/another identity/)
  const set = hold({ scope: 'identity' })
  expect(() => office.write.liftHold({ ...stranger, id: set.id, reason: 'x' })).toThrow(/another identity/)
  expect(() => office.write.setHold({ ...stranger, on: { scope: 'account', accountId: account.id }, reason: 'x' })).toThrow(
    /another identity/,
  )
  office.write.liftHold({ ...doing('Ada'), id: set.id, reason: 'Over' })
  const foreign = before[0] as { id: number }
  expect(() =>
    office.sql
      .prepare('INSERT INTO disposal_item (disposal_id, message_id, identity_id) VALUES (?, ?, ?)')
      .run(id, foreign.id, Number(identity.id)),
  ).toThrow(/another identity/)
  approve(id)
  carryOut(id)
  finish(id)
  expect(office.reader.all('SELECT * FROM message WHERE identity_id = ?', Number(other.id))).toEqual(before)
  expect(office.read.find(ask('from:ana', 10)).hits).toHaveLength(2)
  expect([...faults(), ...faults(other)]).toEqual([])
})

test('a record that somebody removed is not passed off as disposed of', () => {
  receive(fromAna(1), message(2), message(3))
  const { id } = propose()
  approve(id)
  carryOut(id)
  const removeUnder = (disposal: string) => {
    const row = office.reader.get<{ id: number; seq: number }>('SELECT id, seq FROM record ORDER BY id LIMIT 1')
    office.sql.exec(`DROP TRIGGER IF EXISTS disposed_voice; DELETE FROM record WHERE id = ${row?.id};
      INSERT INTO disposed (identity_id, seq, disposal_id) VALUES (${identity.id}, ${row?.seq}, ${disposal});`)
  }
  finish(id)
  expect(faults()).toEqual([])
  removeUnder(id)
  expect(faults()).toMatchObject([{ code: 'records_differ' }])
})

test('the log of acts holds nothing that was written', () => {
  receive(fromAna(1))
  const [row] = office.read.rows(
    office.reader.column<number>('SELECT id FROM conversation').map((n) => String(n) as ConversationId),
  )
  if (!row) throw new Error('one conversation')
  const { act } = office.write.setState([{ id: row.id, identityId: identity.id }], 'done', at)
  office.write.setRead([{ id: row.id, identityId: identity.id }], true, [account.id], at)
  expect(office.reader.column<string>('SELECT before FROM act').join()).not.toMatch(/ana|subject|text of/i)
  const { id } = propose()
  approve(id)
  carryOut(id)
  // What is gone cannot be brought back by taking an act back.
  expect(office.write.undo(act, [], at).changed).toEqual([])
  expect(unsound()).toEqual([])
})
