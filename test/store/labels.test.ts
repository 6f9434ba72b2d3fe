import { beforeEach, expect, test } from 'vitest'
import type { ConversationRow, Identity, InboxFilter, Label, LabelColor, LabelId, LabelKind } from '#shared/model/index.ts'
import { foldLabel, LabelName } from '#shared/model/index.ts'
import type { StoredAccount } from '#store/store.ts'
import { accountIn, type Direct, direct, dump, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

const at = '2026-06-01T00:00:00.000Z'
const everything: InboxFilter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false }

let office: Direct
let identity: Identity
let account: StoredAccount

beforeEach(() => {
  office = direct()
  identity = identityIn(office)
  account = accountIn(office, identity)
  office.write.applyBatch(
    batch(
      account,
      Array.from({ length: 6 }, (_, n) => message(n)),
    ),
  )
})

const list = (change: Partial<InboxFilter> = {}): ConversationRow[] =>
  office.read.page({ filter: { ...everything, ...change }, from: null, until: null, limit: 500 }).rows
const subjects = (change: Partial<InboxFilter> = {}): string[] => list(change).map((row) => row.subject)
const rows = (...numbers: number[]): ConversationRow[] =>
  numbers.map((n) => list().find((row) => row.subject === `Subject ${n}`) as ConversationRow)
const make = (name: string, kind: LabelKind = 'label', owner = identity, color: LabelColor = 'teal'): Label =>
  office.write.addLabel({ identityId: owner.id, kind, name, color, at })
const put = (label: Label, ...numbers: number[]) => office.write.putLabels(rows(...numbers), [label.id], [], at)
const take = (label: Label, ...numbers: number[]) => office.write.putLabels(rows(...numbers), [], [label.id], at)
const triage = (): { act: string; value: string | null; conversations: string[] }[] =>
  office.read
    .entries(identity.id, 0, 1000)
    .map((entry) => JSON.parse(entry))
    .filter((entry) => entry.kind === 'triage')
const sound = () => expect(office.read.doctor().filter((finding) => !finding.ok)).toEqual([])

test('a label is put on conversations, shown in their rows, listed by, and counted', () => {
  const ferry = make('Ferry')
  const pier = make('Pier', 'topic')
  expect(put(ferry, 1, 3, 5).changed.map((row) => row.labels)).toEqual([[ferry.id], [ferry.id], [ferry.id]])
  put(pier, 3)
  expect(rows(3)[0]?.labels).toEqual([ferry.id, pier.id])
  expect(subjects({ labelId: ferry.id })).toEqual(['Subject 5', 'Subject 3', 'Subject 1'])
  expect(subjects({ labelId: pier.id, accountId: account.id, identityId: identity.id })).toEqual(['Subject 3'])
  office.write.setState(rows(3), 'done', at)
  office.write.setRead(rows(5), true, [], at)
  expect(subjects({ labelId: ferry.id, view: 'open' })).toEqual(['Subject 5', 'Subject 1'])
  expect(subjects({ labelId: ferry.id, view: 'done' })).toEqual(['Subject 3'])
  expect(subjects({ labelId: ferry.id, unreadOnly: true })).toEqual(['Subject 3', 'Subject 1'])
  expect(office.read.badges().labels[ferry.id]).toEqual({ open: 2, needs_reply: 2, waiting: 0, done: 1, snoozed: 0, unread: 1 })
  expect(office.read.outline({ ...everything, labelId: ferry.id }).total).toBe(3)
  expect(office.read.outline({ ...everything, labelId: ferry.id, unreadOnly: true, accountId: account.id }).total).toBe(2)
  sound()
})

test('a new message moves a labelled conversation in the list by label too', () => {
  const ferry = make('Ferry')
  put(ferry, 1, 3)
  office.write.applyBatch(batch(account, [message(9, { threadKeys: ['<m1@example>'], subject: 'Again' })]))
  expect(subjects({ labelId: ferry.id })).toEqual(['Again', 'Subject 3'])
  sound()
})

test('conversations that are joined have the labels and notes of both, once', () => {
  const [ferry, pier] = [make('Ferry'), make('Pier')]
  put(ferry, 1, 2)
  put(pier, 2)
  const [one, two] = rows(1, 2)
  for (const [n, row] of [one, two].entries())
    office.write.addNote({ conversationId: row?.id as never, identityId: identity.id, by: 'Ada', text: `Note ${n}`, at })
  const joined = office.write.applyBatch(batch(account, [message(9, { threadKeys: ['<m1@example>', '<m2@example>'] })]))
  expect(joined.arrived).toMatchObject([{ labels: [ferry.id, pier.id], notes: 2, messages: 3 }])
  expect(office.read.badges().labels[ferry.id]?.open).toBe(1)
  expect(office.read.notes(two?.id as never).map((note) => note.versions[0]?.text)).toEqual(['Note 0', 'Note 1'])
  sound()
})

test('every act is in the ledger by number, and can be taken back', () => {
  const ferry = make('Ferry')
  const conversations = rows(1, 2).map((row) => row.id)
  const first = put(ferry, 1, 2)
  expect(put(ferry, 1).changed).toEqual([])
  const off = take(ferry, 2)
  expect(triage()).toMatchObject([
    { act: 'label', value: `+${ferry.id}`, conversations, by: 'person' },
    { act: 'label', value: `-${ferry.id}`, conversations: conversations.slice(1) },
  ])
  expect(office.write.undo(off.act, [], at)).toMatchObject({ count: 1, labels: false, changed: [{ labels: [ferry.id] }] })
  expect(office.write.undo(first.act, [], at)).toMatchObject({ count: 2 })
  expect(subjects({ labelId: ferry.id })).toEqual([])
  expect(triage().at(-1)).toMatchObject({ act: 'undo', value: 'label' })
  expect(() => office.write.undo(first.act, [], at)).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(office.read.entries(identity.id, 0, 1000).join()).not.toContain('Ferry')
  sound()
})

test('a label that is removed goes from everything; undone, it is back under its number with all that it was on', () => {
  const ferry = make('Ferry')
  put(ferry, 1, 3, 5)
  const removed = office.write.removeLabel({ id: ferry.id, identityId: identity.id, at })
  expect(removed.changed).toBe(3)
  expect({ labels: office.read.labels(null), one: rows(1)[0]?.labels }).toEqual({ labels: [], one: [] })
  expect(office.read.badges().labels).toEqual({})
  expect(office.write.undo(removed.act, [], at)).toEqual({ changed: [], count: 3, labels: true })
  expect(office.read.labels(identity.id)).toEqual([ferry])
  expect(subjects({ labelId: ferry.id })).toHaveLength(3)
  const again = office.write.removeLabel({ id: ferry.id, identityId: identity.id, at })
  make('FERRY')
  const before = dump(office.sql)
  expect(() => office.write.undo(again.act, [], at)).toThrow(expect.objectContaining({ code: 'name_taken' }))
  expect(dump(office.sql)).toBe(before)
  sound()
})

test('merging gives what had the one the other; undone, both are as they were', () => {
  const [ferry, boat] = [make('Ferry'), make('Boat', 'topic')]
  put(ferry, 1, 2)
  put(boat, 2, 3)
  const merge = () => office.write.mergeLabel({ id: ferry.id, identityId: identity.id, into: boat.id, at })
  const merged = merge()
  expect(office.read.labels(null)).toEqual([boat])
  expect(subjects({ labelId: boat.id })).toEqual(['Subject 3', 'Subject 2', 'Subject 1'])
  office.write.undo(merged.act, [], at)
  expect(subjects({ labelId: ferry.id })).toEqual(['Subject 2', 'Subject 1'])
  expect(subjects({ labelId: boat.id })).toEqual(['Subject 3', 'Subject 2'])
  expect(() => office.write.mergeLabel({ id: boat.id, identityId: identity.id, into: boat.id, at })).toThrow(
    expect.objectContaining({ code: 'bad_request' }),
  )
  sound()
})

test('two of one kind and identity never have names that look alike; other kinds and identities may', () => {
  const ferry = make('Pêche côtière')
  for (const name of ['pêche côtière', ' PECHE   COTIERE ', 'Pe\u0302che co\u0302tie\u0300re'].map((text) => text.trim()))
    expect(() => make(name)).toThrow(expect.objectContaining({ code: 'name_taken', params: { name: 'Pêche côtière' } }))
  make('Pêche côtière', 'topic')
  make('Pêche côtière', 'label', identityIn(office, 'Other'))
  const other = make('Boat')
  const update = (id: LabelId, name: string) => office.write.updateLabel({ id, identityId: identity.id, name, color: 'red', at })
  expect(() => update(other.id, 'Peche Cotiere')).toThrow(expect.objectContaining({ code: 'name_taken' }))
  expect(update(ferry.id, 'peche cotiere')).toMatchObject({ name: 'peche cotiere', color: 'red' })
})

test('names fold by what they look like, and a name that looks like nothing is none', () => {
  expect(foldLabel('  Ｆｅｒｒｙ\u00a0 Straße ')).toBe('ferry straße')
  expect(foldLabel('Ελλάδα Й')).toBe(foldLabel('ΕΛΛΑΔΑ и'))
  // Signs that make other words are kept: these are two.
  expect(foldLabel('कि')).not.toBe(foldLabel('का'))
  expect(foldLabel('議会')).toBe('議会')
  for (const name of ['', '   ', '\u200b\u200f', 'a\nb', '\u0301', 'x'.repeat(61)])
    expect(LabelName.safeParse(name).success, JSON.stringify(name)).toBe(false)
})

test('an identity has no more labels than a person can choose from', () => {
  for (let n = 0; n < 1000; n++) make(`Label ${n}`)
  expect(() => make('One more')).toThrow(expect.objectContaining({ code: 'bad_request' }))
  make('One more', 'label', identityIn(office, 'Other'))
})

test('a label never gets onto a conversation of another identity', () => {
  const other = identityIn(office, 'Other', 'personal')
  const theirs = accountIn(office, other)
  office.write.applyBatch(batch(theirs, [message(50)]))
  const [mine, foreign] = [make('Mine'), make('Theirs', 'label', other)]
  put(mine, 1)
  const before = dump(office.sql)
  const mixed = [...rows(1), ...rows(50)]
  for (const act of [
    () => put(foreign, 1),
    () => take(foreign, 1),
    () => office.write.putLabels(mixed, [mine.id], [], at),
    () => office.write.putLabels([{ id: rows(1)[0]?.id as never, identityId: other.id }], [foreign.id], [], at),
    () => office.write.updateLabel({ id: mine.id, identityId: other.id, name: 'x', color: 'red', at }),
    () => office.write.removeLabel({ id: mine.id, identityId: other.id, at }),
    () => office.write.mergeLabel({ id: mine.id, identityId: identity.id, into: foreign.id, at }),
    () =>
      office.write.setSchedule({ identityId: identity.id, by: 'A', at, network: null, kind: null, labelId: foreign.id, days: 1 }),
    () => office.write.addNote({ conversationId: rows(50)[0]?.id as never, identityId: identity.id, by: 'Ada', text: 'x', at }),
  ]) {
    expect(act).toThrow(expect.objectContaining({ code: 'voice_mismatch' }))
    expect(dump(office.sql)).toBe(before)
  }
  const conversation = Number(rows(50)[0]?.id)
  const insert = (values: string) =>
    `INSERT INTO conversation_label SELECT c.id, ${values}, c.shelf, c.key, c.unread FROM conversation c`
  for (const statement of [
    `${insert(`${mine.id}, c.account_id, c.identity_id`)} WHERE id = ${conversation}`,
    `${insert(`${mine.id}, c.account_id, ${identity.id}`)} WHERE id = ${conversation}`,
    `${insert(`${mine.id}, ${account.id}, ${identity.id}`)} WHERE id = ${conversation}`,
    `UPDATE conversation_label SET label_id = ${foreign.id}`,
    `UPDATE conversation_label SET conversation_id = ${conversation}`,
    `UPDATE label SET identity_id = ${other.id} WHERE id = ${mine.id}`,
    `INSERT INTO note (conversation_id, account_id, identity_id, versions, withdrawn) VALUES (${conversation}, ${account.id}, ${identity.id}, 0, 0)`,
    `DELETE FROM label WHERE id = ${mine.id}`,
    `INSERT INTO schedule (identity_id, label_id, days, set_by, set_at) VALUES (${identity.id}, ${foreign.id}, 1, '', '')`,
    `UPDATE label_badge SET conversations = -1`,
    `${insert(`${mine.id}, c.account_id, c.identity_id`).replace('c.key', '1')} WHERE account_id = ${account.id}`,
  ]) {
    expect(() => office.sql.exec(statement), statement).toThrow(/constraint failed|cannot be changed|does not fit/)
    expect(dump(office.sql)).toBe(before)
  }
})

test('the counts by label are right whatever is done', () => {
  const [ferry, pier] = [make('Ferry'), make('Pier')]
  put(ferry, 0, 1, 2, 3)
  put(pier, 2, 3, 4)
  office.write.snooze(rows(0, 4), '2026-07-01T00:00:00.000Z', at)
  office.write.setState(rows(1), 'waiting', at)
  office.write.setRead(rows(2, 3), true, [], at)
  take(ferry, 3)
  office.write.applyBatch(batch(account, [message(8, { threadKeys: ['<m0@example>', '<m2@example>'] })]))
  const counted = office.sql
    .prepare('SELECT label_id, account_id, shelf, count(*), sum(unread > 0) FROM conversation_label GROUP BY 1, 2, 3')
    .raw()
    .all()
  const kept = office.sql
    .prepare('SELECT label_id, account_id, shelf, conversations, unread FROM label_badge WHERE conversations > 0')
    .raw()
    .all()
  expect(kept).toEqual(counted)
  office.sql.exec('UPDATE label_badge SET unread = unread + 1')
  expect(office.read.doctor().find(({ check }) => check === 'badges')).toMatchObject({ ok: false })
})

test('a label that a schedule names is neither removed nor merged', () => {
  const [ferry, pier] = [make('Ferry'), make('Pier')]
  const schedule = office.write.setSchedule({
    identityId: identity.id,
    by: 'Ada',
    at,
    network: null,
    kind: null,
    labelId: ferry.id,
    days: 10,
  })
  for (const act of [
    () => office.write.removeLabel({ id: ferry.id, identityId: identity.id, at }),
    () => office.write.mergeLabel({ id: ferry.id, identityId: identity.id, into: pier.id, at }),
  ])
    expect(act).toThrow(expect.objectContaining({ code: 'label_scheduled', params: { name: 'Ferry' } }))
  office.write.clearSchedule({ identityId: identity.id, by: 'Ada', at, id: schedule.id })
  expect(office.write.removeLabel({ id: ferry.id, identityId: identity.id, at }).changed).toBe(0)
})

test('a note keeps every wording; undone it is withdrawn or as before, and the ledger says no word of it', () => {
  const [row] = rows(1)
  const on = { conversationId: row?.id as never, identityId: identity.id }
  const added = office.write.addNote({ ...on, by: 'Ada', text: 'Call her', at })
  expect(added).toMatchObject({ row: { notes: 1 }, note: { versions: [{ version: 1, by: 'Ada', text: 'Call her' }] } })
  const named = { id: added.note.id, identityId: identity.id }
  const edited = office.write.editNote({ ...named, by: 'Bea', text: 'Call her tomorrow', at })
  office.write.undo(edited.act, [], at)
  office.write.undo(added.act, [], at)
  const [note] = office.read.notes(on.conversationId)
  expect(note?.versions.map(({ by, text }) => [by, text])).toEqual([
    ['Ada', 'Call her'],
    ['Bea', 'Call her tomorrow'],
    ['Bea', 'Call her'],
    ['Ada', null],
  ])
  expect(rows(1)[0]?.notes).toBe(0)
  expect(triage().map(({ act, value }) => [act, value])).toEqual([1, 2, 3, 4].map((n) => ['note', `${note?.id}.${n}`]))
  expect(office.read.entries(identity.id, 0, 100).join()).not.toContain('Call her')
  const before = dump(office.sql)
  for (const statement of [
    "UPDATE note_version SET text = 'Never'",
    'DELETE FROM note_version',
    'DELETE FROM note',
    'UPDATE note SET identity_id = 2',
  ])
    expect(() => office.sql.exec(statement), statement).toThrow(/cannot be changed|only a disposal|constraint failed/)
  expect(dump(office.sql)).toBe(before)
  sound()
})
