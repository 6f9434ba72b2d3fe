import { beforeEach, expect, test } from 'vitest'
import type { ConversationRow, InboxFilter } from '#shared/model/index.ts'
import { blobNames } from '#store/blobs.ts'
import type { Whereabouts } from '#store/manifest.ts'
import { recordBytes } from '#store/read/records.ts'
import type { StoredAccount } from '#store/store.ts'
import { ask } from '../support/ask.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

let office: Direct
let account: StoredAccount
const all: InboxFilter = { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false }

beforeEach(() => {
  office = direct()
  account = accountIn(office, identityIn(office))
})

const rows = (filter = all): ConversationRow[] => office.read.page({ filter, from: null, until: null, limit: 100 }).rows
const only = (): ConversationRow => {
  const [row, ...others] = rows()
  if (!row || others.length > 0) throw new Error(`one conversation, not ${others.length + (row ? 1 : 0)}`)
  return row
}
const messages = () => office.read.conversation(only().id, 100)?.messages ?? []
const target = () => [{ id: only().id, identityId: account.identityId }]
const later = '2026-03-01T00:00:00.000Z'

test('the same batch twice adds nothing', () => {
  const twice = batch(account, [message(1), message(2)])
  expect(office.write.applyBatch(twice)).toMatchObject({ new: 2 })
  const before = rows()
  expect(office.write.applyBatch(twice)).toMatchObject({ new: 0, updated: 0, deleted: 0, arrived: [], changed: [] })
  expect(rows()).toEqual(before)
})

test('a message twice in one batch is one message at two places', () => {
  const result = office.write.applyBatch(batch(account, [message(1), message(1, { place: 'INBOX:9' })]))
  expect(result.new).toBe(1)
  expect(office.read.known(account.id, 'INBOX').map((known) => known.place)).toEqual(['INBOX:1', 'INBOX:9'])
})

test('an edit is a new version; the earlier bytes stay', () => {
  const feed = accountIn(office, identityIn(office, 'Institution', 'institutional'), 'feed')
  const item = (text: string) =>
    message(1, {
      kind: 'article',
      place: null,
      text,
      subject: `On ${text}`,
      mediaType: 'application/rss+xml',
      raw: new TextEncoder().encode(text),
    })
  office.write.applyBatch(batch(feed, [item('bridges')]))
  expect(office.write.applyBatch(batch(feed, [item('tunnels')]))).toMatchObject({
    new: 0,
    updated: 1,
    changed: [{ subject: 'On tunnels' }],
  })
  expect(messages()).toMatchObject([{ versions: 2, subject: 'On tunnels' }])
  const text = () => new TextDecoder().decode(office.read.source(messages()[0]?.id as never)?.raw)
  expect(text()).toBe('tunnels')
  expect(office.read.find(ask('tunnels', 5)).hits).toHaveLength(1)
  expect(office.read.find(ask('bridges', 5)).hits).toHaveLength(0)
  // Back to the first text is an edit as well.
  office.write.applyBatch(batch(feed, [item('bridges')]))
  expect(messages()).toMatchObject([{ versions: 3 }])
  expect(text()).toBe('bridges')
  const kept = office.reader
    .all<Whereabouts & { version: number }>('SELECT * FROM record ORDER BY version')
    .map((record) => new TextDecoder().decode(recordBytes(office.reader, record)))
  expect(kept).toEqual(['bridges', 'tunnels', 'bridges'])
})

test('an item seen again in a feed is not unread again', () => {
  const item = message(1, { place: null })
  office.write.applyBatch(batch(account, [item]))
  office.write.setRead(target(), true, [], later)
  office.write.applyBatch(batch(account, [item]))
  expect(only().unread).toBe(0)
})

test('flags follow the network, but not over what a person did meanwhile', () => {
  office.write.applyBatch(batch(account, [message(1), message(2)]))
  const marks = (read: boolean) => ({ marks: [{ place: 'INBOX:1', read, answered: true }] })
  expect(office.write.applyBatch(batch(account, [], marks(true)))).toMatchObject({ updated: 1, changed: [{ unread: 0 }] })
  const row = rows().find((candidate) => candidate.unread === 0)
  if (!row) throw new Error('one is read')
  office.write.setRead([{ id: row.id, identityId: account.identityId }], false, [account.id], later)
  // The network still says read; it has not heard yet.
  expect(office.write.applyBatch(batch(account, [], marks(true)))).toMatchObject({ updated: 0 })
  const [act] = office.read.pendingActs(account.id, 10)
  expect(act).toMatchObject({ kind: 'set_read', on: false, places: ['INBOX:1'], remoteId: '<m1@example>', tries: 0 })
  if (!act) throw new Error('an act')
  office.write.failAct(act.id, later)
  expect(office.read.pendingActs(account.id, 10)).toMatchObject([{ tries: 1 }])
  office.write.finishAct(act.id)
  expect(office.read.pendingActs(account.id, 10)).toEqual([])
  expect(office.read.known(account.id, 'INBOX')).toContainEqual({
    place: 'INBOX:1',
    remoteId: '<m1@example>',
    read: false,
    answered: true,
  })
  expect(office.write.applyBatch(batch(account, [], marks(true)))).toMatchObject({ updated: 1 })
})

test('the newest wish for a flag replaces one that still waits', () => {
  office.write.applyBatch(batch(account, [message(1)]))
  office.write.setRead(target(), true, [account.id], later)
  office.write.setRead(target(), false, [account.id], later)
  expect(office.read.pendingActs(account.id, 10)).toMatchObject([{ on: false }])
})

test('a message is deleted when its last place is gone; the copy stays, and it can come back', () => {
  office.write.applyBatch(batch(account, [message(1)]))
  office.write.applyBatch(batch(account, [message(1, { place: 'A:5' })], { stream: 'Archive' }))
  expect(office.write.applyBatch(batch(account, [], { gone: ['INBOX:1'] }))).toMatchObject({ deleted: 0 })
  expect(office.write.applyBatch(batch(account, [], { stream: 'Archive', gone: ['A:5', 'A:6'] }))).toMatchObject({ deleted: 1 })
  expect(messages()).toMatchObject([{ deletedAt: '2026-02-01T00:00:00.000Z' }])
  expect(office.read.source(messages()[0]?.id as never)).not.toBeNull()
  expect(office.write.applyBatch(batch(account, [message(1, { place: 'A:7' })], { stream: 'Archive' }))).toMatchObject({
    new: 0,
    updated: 1,
  })
  expect(messages()).toMatchObject([{ deletedAt: null }])
})

test('a known message at a new place needs no bytes: it is moved, not deleted', () => {
  office.write.applyBatch(batch(account, [message(1)]))
  const moved = [{ place: 'A:1', remoteId: '<m1@example>', read: true, answered: false }]
  const unknown = [{ place: 'A:2', remoteId: '<never@example>', read: true, answered: false }]
  expect(office.write.applyBatch(batch(account, [], { gone: ['INBOX:1'] }))).toMatchObject({ deleted: 1 })
  const archive = batch(account, [], { stream: 'Archive', marks: [...moved, ...unknown] })
  expect(office.write.applyBatch(archive)).toMatchObject({ new: 0, changed: [{ unread: 0 }] })
  expect(messages()).toMatchObject([{ deletedAt: null, read: true }])
  expect(office.read.known(account.id, 'Archive')).toEqual([
    { place: 'A:1', remoteId: '<m1@example>', read: true, answered: false },
  ])
  // Within one batch the new place counts before the old one goes.
  const within = { marks: [{ place: 'A:9', remoteId: '<m1@example>', read: true, answered: false }], gone: ['A:1'] }
  expect(office.write.applyBatch(batch(account, [], { stream: 'Archive', ...within }))).toMatchObject({ deleted: 0 })
})

test('after a reset deletions are judged when everything has been listed again', () => {
  office.write.applyBatch(batch(account, [message(1, { threadKeys: ['t'] }), message(2, { threadKeys: ['t'] })]))
  office.write.applyBatch(batch(account, [message(2, { place: 'A:1' })], { stream: 'Archive' }))
  expect(office.write.applyBatch(batch(account, [], { reset: true }))).toMatchObject({ deleted: 0 })
  // While the stream is being listed, a place elsewhere that goes is not the last one yet.
  expect(office.write.applyBatch(batch(account, [], { stream: 'Archive', gone: ['A:1'] }))).toMatchObject({ deleted: 0 })
  office.write.applyBatch(batch(account, [message(2, { place: 'INBOX:new' })]))
  expect(office.write.applyBatch(batch(account, [], { settled: true }))).toMatchObject({ deleted: 1 })
  expect(messages().map((m) => m.deletedAt !== null)).toEqual([true, false])
})

test('a message that links two conversations joins them under the older id', () => {
  office.write.applyBatch(batch(account, [message(1, { threadKeys: ['a'] })]))
  office.write.applyBatch(batch(account, [message(5, { threadKeys: ['b'], direction: 'outbound' })]))
  const [second, first] = rows()
  if (!first || !second) throw new Error('two')
  office.write.setState([{ id: second.id, identityId: account.identityId }], 'done', later)
  office.write.applyBatch(
    batch(account, [message(3, { threadKeys: ['a', 'b'], text: 'the link' })], {
      arrival: { kind: 'backfill', recentAfter: later },
    }),
  )
  const joined = only()
  expect(joined).toMatchObject({ id: first.id, sortKey: second.sortKey, messages: 3, unread: 2, state: 'needs_reply' })
  expect(messages().map((m) => m.subject)).toEqual(['Subject 1', 'Subject 3', 'Subject 5'])
  // An id that somebody still holds leads to the joined conversation.
  expect(office.read.conversation(second.id, 10)?.row).toEqual(joined)
  expect(office.write.setState([{ id: second.id, identityId: account.identityId }], 'waiting', later).changed).toMatchObject([
    { id: first.id },
  ])
  office.write.applyBatch(batch(account, [message(9, { threadKeys: ['b'] })]))
  expect(only().messages).toBe(4)
})

test('several versions of a known message come in one batch, in their order', () => {
  office.write.applyBatch(batch(account, [message(1, { text: 'one' })]))
  const later = ['two', 'three', 'four'].map((text) => message(1, { text, raw: Buffer.from(text) }))
  office.write.applyBatch(batch(account, later))
  expect(messages()).toMatchObject([{ versions: 4 }])
  office.write.applyBatch(batch(account, later.slice(-1)))
  expect(messages()).toMatchObject([{ versions: 4 }])
})

test('a message seen again under further keys joins what was under them, and is no new version', () => {
  office.write.applyBatch(batch(account, [message(1, { threadKeys: ['from an export'] })]))
  office.write.applyBatch(batch(account, [message(2, { threadKeys: ['by its server'] })]))
  expect(rows()).toHaveLength(2)
  const again = batch(account, [message(1, { threadKeys: ['from an export', 'by its server'] })])
  expect(office.write.applyBatch(again)).toMatchObject({ new: 0, updated: 1 })
  expect(only().messages).toBe(2)
  expect(office.write.applyBatch(again)).toMatchObject({ new: 0, updated: 0 })
  office.write.applyBatch(batch(account, [message(3, { threadKeys: ['by its server'] })]))
  expect(only().messages).toBe(3)
})

test('threads of two accounts stay apart even with the same keys', () => {
  const other = accountIn(office, identityIn(office, 'Institution', 'institutional'))
  office.write.applyBatch(batch(account, [message(1, { threadKeys: ['t'] })]))
  office.write.applyBatch(batch(other, [message(2, { threadKeys: ['t'] })]))
  expect(rows()).toHaveLength(2)
})

test('live mail needs a reply, our answer leaves us waiting, a new message reopens', () => {
  const say = (n: number, direction: 'inbound' | 'outbound') =>
    office.write.applyBatch(batch(account, [message(n, { threadKeys: ['t'], direction, read: direction === 'outbound' })]))
  say(1, 'inbound')
  expect(only()).toMatchObject({ state: 'needs_reply', from: 'Writer 1' })
  say(2, 'outbound')
  expect(only()).toMatchObject({ state: 'waiting', outbound: true, from: 'Writer 1' })
  office.write.setState(target(), 'done', later)
  say(3, 'outbound')
  expect(only().state).toBe('done')
  say(4, 'inbound')
  expect(only()).toMatchObject({ state: 'needs_reply', from: 'Writer 4' })
  // An old message that comes late does not undo the answer to a newer one.
  say(9, 'outbound')
  say(5, 'inbound')
  expect(only().state).toBe('waiting')
})

test('a first sync asks for replies only where something recent is unread', () => {
  const backfill = { arrival: { kind: 'backfill' as const, recentAfter: message(10).at } }
  office.write.applyBatch(
    batch(
      account,
      [message(5), message(11, { read: true }), message(12), message(13, { direction: 'outbound', read: true })],
      backfill,
    ),
  )
  expect(rows().map((row) => [row.subject, row.state])).toEqual([
    ['Subject 13', 'done'],
    ['Subject 12', 'needs_reply'],
    ['Subject 11', 'done'],
    ['Subject 5', 'done'],
  ])
  const triaged = rows().filter((row) => row.subject === 'Subject 12')
  office.write.setState(
    triaged.map(({ id, identityId }) => ({ id, identityId })),
    'done',
    later,
  )
  office.write.applyBatch(batch(account, [message(14, { threadKeys: ['<m12@example>'] })], backfill))
  expect(rows()[0]).toMatchObject({ subject: 'Subject 14', state: 'done' })
})

test('a snoozed conversation is out of the way until its time, or until somebody writes', () => {
  office.write.applyBatch(batch(account, [message(1, { threadKeys: ['t'] })]))
  const until = '2026-04-01T08:00:00.000Z'
  office.write.snooze(target(), until, later)
  expect(rows({ ...all, view: 'open' })).toEqual([])
  expect(rows({ ...all, view: 'snoozed' })).toMatchObject([{ snoozedUntil: until, state: 'needs_reply' }])
  expect(office.read.due(later)).toEqual({ targets: [], next: until })
  expect(office.read.due(until)).toEqual({ targets: target(), next: null })
  expect(office.write.wake(target(), later).changed).toEqual([])
  expect(office.write.wake(target(), until).changed).toMatchObject([{ state: 'needs_reply', snoozedUntil: null }])
  office.write.snooze(target(), until, later)
  office.write.applyBatch(batch(account, [message(2, { threadKeys: ['t'] })]))
  expect(only()).toMatchObject({ snoozedUntil: null, state: 'needs_reply' })
})

test('a batch that fails leaves nothing of itself, and the cursor where it was', () => {
  office.write.applyBatch(batch(account, [message(1)], { cursor: 'before' }))
  const bad = message(3, { kind: null as never })
  expect(() => office.write.applyBatch(batch(account, [message(2), bad], { cursor: 'after' }))).toThrow(/NOT NULL/)
  expect(rows()).toHaveLength(1)
  expect(office.read.cursor(account.id, 'INBOX')).toBe('before')
  expect(office.read.find(ask('text', 10)).hits).toHaveLength(1)
  expect(office.write.applyBatch(batch(account, [message(2), message(3)], { cursor: 'after' }))).toMatchObject({ new: 2 })
})

test('files written for a batch that fails are taken away again', () => {
  const big = message(1, { raw: new Uint8Array(100_000) })
  expect(() => office.write.applyBatch(batch(account, [big, message(2, { kind: null as never })]))).toThrow(/NOT NULL/)
  expect([...blobNames(office.dir)]).toEqual([])
  office.write.applyBatch(batch(account, [big]))
  expect([...blobNames(office.dir)]).toHaveLength(1)
})

test('thousands of messages without a date all find an id, in their place', () => {
  const at = '1970-01-01T00:00:00.000Z'
  const many = Array.from({ length: 3000 }, (_, n) => message(n, { at, raw: new Uint8Array([n & 255, n >> 8]), text: '' }))
  office.write.applyBatch(batch(account, many))
  office.write.applyBatch(
    batch(account, [message(5000, { at: '1901-01-01T00:00:00.000Z' }), message(5001, { at: '2250-01-01T00:00:00.000Z' })]),
  )
  expect(office.read.outline(all)).toMatchObject({ total: 3002 })
  expect(rows()[0]).toMatchObject({ subject: 'Subject 5001', at: '2250-01-01T00:00:00.000Z' })
  expect(office.read.keyAt(all, '1999-01-01T00:00:00.000Z')).toBe(rows()[1]?.sortKey)
})

test('characters that mark matches are never stored', () => {
  office.write.applyBatch(batch(account, [message(1, { subject: 'a\uE000b', text: 'c\uE001d' })]))
  expect(only()).toMatchObject({ subject: 'ab', snippet: 'cd' })
})

test('records keep every byte: small, compressed and as a file', () => {
  const sizes = [0, 1, 5000, 65_536, 65_537, 300_000]
  const bytes = sizes.map((size) => Uint8Array.from({ length: size }, (_, n) => 97 + (n % 7)))
  office.write.applyBatch(
    batch(
      account,
      bytes.map((raw, n) => message(n, { raw })),
    ),
  )
  for (const row of rows()) {
    const id = office.read.conversation(row.id, 1)?.messages[0]?.id
    if (!id) throw new Error('a message')
    const expected = bytes[Number(row.subject.replace('Subject ', ''))]
    expect(Buffer.compare(office.read.source(id)?.raw ?? new Uint8Array(9), expected ?? new Uint8Array(9))).toBe(0)
  }
  expect(office.sql.prepare('SELECT count(*) FROM record WHERE file IS NOT NULL').pluck().get()).toBe(2)
  expect(office.read.doctor().filter((finding) => !finding.ok)).toEqual([])
})

test('what an attachment is, is kept; the list shows that there is one', () => {
  const picture = { index: 0, name: 'logo.png', mediaType: 'image/png', size: 10, contentId: 'logo', inline: true }
  const letter = { index: 1, name: 'Brief Müller.pdf', mediaType: 'application/pdf', size: 2000, contentId: null, inline: false }
  office.write.applyBatch(
    batch(account, [message(1, { attachments: [picture] }), message(2, { attachments: [picture, letter] })]),
  )
  expect(rows().map((row) => row.hasAttachment)).toEqual([true, false])
  const id = rows()[0]?.id
  if (!id) throw new Error('a row')
  expect(office.read.conversation(id, 1)?.messages[0]?.attachments).toEqual([picture, letter])
  expect(office.read.find(ask('muller', 5)).hits).toHaveLength(1)
})

test('one message that comes twice in a batch, by other names the second time, is one message of one conversation', () => {
  const office = direct()
  const account = accountIn(office, identityIn(office))
  const first = message(1, { threadKeys: ['a'] })
  office.write.applyBatch(batch(account, [first, { ...first, threadKeys: ['b'] }, message(2, { threadKeys: ['b'] })]))
  const { rows } = office.read.page({
    filter: { view: 'all', identityId: null, accountId: null, labelId: null, unreadOnly: false },
    from: null,
    until: null,
    limit: 50,
  })
  expect(rows).toMatchObject([{ messages: 2, unread: 2 }])
  expect(office.read.doctor().filter(({ ok }) => !ok)).toEqual([])
})
