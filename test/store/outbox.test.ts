import { beforeEach, describe, expect, it } from 'vitest'
import type { Identity, Instant, MessageId, OutgoingContent, Profile } from '#shared/model/index.ts'
import type { StoredAccount, StoreMessage } from '#store/store.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { addAccount, addIdentity, batch, message, open, problemOf, raw, tempDir } from './support.ts'

const at = '2026-03-01T10:00:00.000Z'
const inMs = (ms: number): Instant => new Date(Date.parse(at) + ms).toISOString()
const HOUR = 3_600_000
const DAY = 24 * HOUR

let office: Direct
let identity: Identity
let account: StoredAccount

beforeEach(() => {
  office = direct()
  identity = identityIn(office)
  account = accountIn(office, identity)
})

const filter = { view: 'all' as const, identityId: null, accountId: null, labelId: null, unreadOnly: false }
const rows = () => office.read.page({ filter, from: null, until: null, limit: 50 }).rows
const post = (text: string, media: Extract<OutgoingContent, { do: 'edit' }>['media'] = []): OutgoingContent => ({
  do: 'publish',
  kind: 'post',
  text,
  subject: '',
  warning: '',
  language: null,
  media,
  to: [],
  cc: [],
  bcc: [],
  visibility: null,
})
const queue = (content: OutgoingContent, change: Partial<Parameters<Direct['write']['queueItem']>[0]> = {}) =>
  office.write.queueItem({
    identityId: identity.id,
    accountId: account.id,
    content,
    target: null,
    quote: null,
    after: null,
    leaves: 'waiting',
    by: 'Ada',
    at,
    notBefore: at,
    ...change,
  })

describe('quiet messages', () => {
  const like = (n: number, change: Partial<StoreMessage> = {}) =>
    message(n, { threadKeys: ['post'], kind: 'act', quiet: true, place: null, text: '', subject: 'liked it', ...change })

  it('make a conversation neither unread nor needing a reply, move it nowhere and change nothing that is shown', () => {
    office.write.applyBatch(batch(account, [message(1, { threadKeys: ['post'] }), message(2)]))
    const before = rows()
    office.write.applyBatch(batch(account, [like(50), like(60, { direction: 'outbound' })]))
    expect(rows()).toEqual(before.map((row) => (row.subject === 'Subject 1' ? { ...row, messages: 3 } : row)))
  })

  it('are shown while there is nothing else', () => {
    office.write.applyBatch(batch(account, [like(5, { from: { name: 'Zoe', handle: 'z' } }), like(4)]))
    expect(rows()).toMatchObject([{ subject: 'liked it', from: 'Zoe', state: 'done', unread: 0, messages: 2 }])
    office.write.applyBatch(batch(account, [message(1, { threadKeys: ['post'] })]))
    expect(rows()).toMatchObject([{ subject: 'Subject 1', from: 'Writer 1', state: 'needs_reply', unread: 1, messages: 3 }])
  })
})

describe('an item', () => {
  it('keeps its content as canonical JSON with its hash, and never twice the same key', () => {
    const [one, two] = [queue(post('a')), queue(post('a'))]
    const stored = office.sql.prepare('SELECT hex(key) AS key, content FROM outbox ORDER BY id').all() as {
      key: string
      content: string
    }[]
    expect(stored[0]?.content).toBe(stored[1]?.content)
    expect(stored[0]?.content).toMatch(/^\{"bcc":\[\],"cc":\[\],"do":"publish"/)
    expect(stored[0]?.key).not.toBe(stored[1]?.key)
    expect(office.read.outgoing(one.id)?.content).toEqual(two.content)
  })

  it('that is about a message of another account, of nobody, or of somebody else is refused', () => {
    const other = accountIn(office, identity)
    office.write.applyBatch(batch(other, [message(1)]))
    office.write.applyBatch(batch(account, [message(2)]))
    const idOf = (name: string) =>
      String(office.sql.prepare('SELECT id FROM message WHERE subject = ?').pluck().get(name)) as MessageId
    const refused = (change: object, content: OutgoingContent = post('a')) => {
      try {
        queue(content, change)
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'taken'
    }
    expect(refused({ target: idOf('Subject 1') })).toBe('bad_request')
    expect(refused({ quote: idOf('Subject 1') })).toBe('bad_request')
    expect(refused({ target: '7' as MessageId })).toBe('not_found')
    expect(refused({ target: idOf('Subject 2') }, { do: 'delete' })).toBe('bad_request')
    expect(refused({}, { ...post('a'), kind: 'reply' } as OutgoingContent)).toBe('bad_request')
    expect(refused({}, { do: 'act', act: 'like', on: true, handle: null, comment: '' })).toBe('bad_request')
    expect(refused({ after: queue(post('before'), { accountId: other.id }).id })).toBe('bad_request')
    expect(refused({}, post('a', [{ sha256: 'a'.repeat(64), size: 3, name: 'a.png', mediaType: 'image/png', alt: '' }]))).toBe(
      'outbox_file_missing',
    )
    expect(office.read.outboxItems({ identityId: null, accountId: account.id, states: null, before: null, limit: 10 })).toEqual(
      [],
    )
    expect(office.read.verifyLedger(identity.id, null, 1000, true).faults).toEqual([])
  })

  it('opens its commitment in the ledger; a changed one is noticed', () => {
    const { id } = queue(post('as approved'))
    expect(office.read.verifyLedger(identity.id, null, 1000, true).faults).toEqual([])
    office.sql.exec('DROP TRIGGER outbox_owner')
    office.sql.prepare("UPDATE outbox SET content = replace(content, 'approved', 'changed') WHERE id = ?").run(id)
    expect(office.read.verifyLedger(identity.id, null, 1000, true).faults).toMatchObject([{ code: 'commitment_differs' }])
    expect(office.read.doctor().find(({ check }) => check === 'outbox')).toMatchObject({ ok: false })
  })
})

describe('what networks say', () => {
  const profile = (change: Partial<Profile> = {}): Profile => ({
    handle: 'Ada@social.example',
    userId: '7',
    name: 'Ada',
    about: '',
    link: null,
    since: null,
    automated: false,
    at,
    counts: { followers: 1 },
    ...change,
  })
  const said = (one: Profile) =>
    office.write.addProfile({
      accountId: account.id,
      identityId: identity.id,
      profile: { profile: one, raw: Buffer.from('{}'), mediaType: 'application/json', endpoint: 'https://social.example' },
    })
  const snapshots = () => office.read.profiles(identity.id, 'mail', ' ada@SOCIAL.example', 10)

  it('of a person is kept when more than counts is other, or a day has passed', () => {
    said(profile())
    said(profile({ at: inMs(HOUR), counts: { followers: 2 } }))
    expect(snapshots()).toMatchObject([{ profile: { counts: { followers: 1 } }, seenAt: inMs(HOUR) }])
    said(profile({ at: inMs(2 * HOUR), name: 'Ada L.' }))
    said(profile({ at: inMs(DAY + 2 * HOUR), name: 'Ada L.' }))
    expect(snapshots().map((one) => [one.profile.name, one.profile.at])).toEqual([
      ['Ada L.', inMs(DAY + 2 * HOUR)],
      ['Ada L.', inMs(2 * HOUR)],
      ['Ada', at],
    ])
  })

  it('of figures is kept when it is other than before', () => {
    office.write.applyBatch(batch(account, [message(1)]))
    const id = String(office.sql.prepare('SELECT id FROM message').pluck().get()) as MessageId
    const remoteId = '<m1@example>'
    const tell = (when: Instant, likes: number) =>
      office.write.applyBatch(
        batch(account, [], {
          metrics: [
            { remoteId, at: when, counts: { likes } },
            { remoteId: null, at: when, counts: { followers: likes } },
            { remoteId: 'unknown', at: when, counts: { likes } },
          ],
        }),
      )
    for (const [n, likes] of [1, 1, 2].entries()) tell(inMs(n * HOUR), likes)
    expect(office.read.messageMetrics(id)).toEqual([
      { at, counts: { likes: 1 } },
      { at: inMs(2 * HOUR), counts: { likes: 2 } },
    ])
    expect(office.read.accountMetrics(account.id)).toHaveLength(2)
  })

  it('of own messages is asked again after 5 minutes, an hour, a day, a week and 30 days, and then no more', () => {
    const own = (n: number, days: number) =>
      message(n, { direction: 'outbound', at: inMs(-days * DAY), place: null, kind: 'post' })
    office.write.applyBatch(batch(account, [own(1, 0), own(2, 3), own(3, 40)], { capturedAt: at, rereads: true }))
    const due = (ms: number) => office.read.rereadsDue(account.id, inMs(ms), 10)
    expect(due(0)).toMatchObject({ due: [], next: inMs(5 * 60_000) })
    const times: number[] = []
    for (let now = at; ; ) {
      const { due: found } = office.read.rereadsDue(account.id, now, 10)
      if (found.some(({ remoteId }) => remoteId === '<m1@example>')) times.push(Date.parse(now) - Date.parse(at))
      office.write.rereadDone(
        found.map(({ id }) => id),
        now,
      )
      const { next } = office.read.rereadsDue(account.id, now, 10)
      if (next === null) break
      now = next
    }
    expect(times).toEqual([5 * 60_000, HOUR, DAY, 7 * DAY, 30 * DAY])
    expect(office.sql.prepare('SELECT count(*) FROM reread').pluck().get()).toBe(0)
  })
})

describe('files to be sent', () => {
  async function* bytes(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }

  it('are kept until something names them or a week is over, and go with what named them', async () => {
    const dir = tempDir()
    const store = await open(dir)
    const voice = await addIdentity(store)
    const from = await addAccount(store, voice)
    const named = await store.keep(voice.id, bytes('named'))
    const loose = await store.keep(voice.id, bytes('loose'))
    await store.write.attachFile(voice.id, named, at)
    await store.write.attachFile(voice.id, loose, at)
    const file = { sha256: named.sha256, size: 5, name: 'a.png', mediaType: 'image/png', alt: 'A quay' }
    const item = await store.write.queueItem({
      identityId: voice.id,
      accountId: from.id,
      content: post('with a file', [file]),
      target: null,
      quote: null,
      after: null,
      leaves: 'waiting',
      by: 'Ada',
      at,
      notBefore: at,
    })
    await store.write.dropAttached(inMs(1))
    expect(await store.read.hasMedia(voice.id, loose.sha256)).toBe(false)
    const outgoing = await store.read.outgoing(item.id)
    const kept = outgoing?.files.get(named.sha256)
    if (!kept) throw new Error('the file is not there')
    const parts: Uint8Array[] = []
    for await (const part of store.open(kept)) parts.push(part)
    expect(Buffer.concat(parts).toString()).toBe('named')
    const other = await addIdentity(store, 'Other')
    expect(await problemOf(store.read.outboxItem(item.id, other.id))).toBe('voice_mismatch')
    expect((await store.read.doctor()).filter(({ ok }) => !ok)).toEqual([])
    expect(raw(dir, 'read').prepare('SELECT count(*) FROM media').pluck().get()).toBe(1)
  })
})
