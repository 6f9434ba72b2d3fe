import { beforeEach, describe, expect, test } from 'vitest'
import { type Draft, DraftId, type DraftWords, type Identity, MessageId, MOST_DRAFTS, ProblemError } from '#shared/model/index.ts'
import type { StoredAccount } from '#store/store.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

const at = '2026-06-01T00:00:00.000Z'
const later = '2026-06-01T00:00:10.000Z'
const words = (text: string): DraftWords => ({
  kind: 'mail',
  text,
  subject: 'Re: Subject 1',
  warning: '',
  language: null,
  media: [],
  to: 'ada@constituent.test, ',
  cc: '',
  bcc: '',
  visibility: null,
})

let office: Direct
let identity: Identity
let account: StoredAccount

beforeEach(() => {
  office = direct()
  identity = identityIn(office)
  account = accountIn(office, identity)
  office.write.applyBatch(batch(account, [message(1), message(2)]))
})

const messageOf = (subject: string) => {
  const filter = { view: 'all' as const, identityId: null, accountId: null, labelId: null, unreadOnly: false }
  const row = office.read.page({ filter, from: null, until: null, limit: 50 }).rows.find((one) => one.subject === subject)
  const open = row && office.read.conversation(row.id, 10)
  if (!open?.messages[0]) throw new Error(`no ${subject}`)
  return open.messages[0]
}
const add = (text: string, target: MessageId | null = null, owner = account): Draft =>
  office.write.addDraft({ identityId: owner.identityId, accountId: owner.id, target, words: words(text), by: 'Ada', at })
function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof ProblemError) return error.code
    throw error
  }
  return 'none'
}

test('a draft is kept as it was written, listed with the one saved last first, and thrown away', () => {
  const target = messageOf('Subject 1')
  const first = add('Dear Ada', target.id)
  const second = add('A note')
  expect(first).toMatchObject({
    identityId: identity.id,
    accountId: account.id,
    target: target.id,
    targetConversation: target.conversationId,
    words: words('Dear Ada'),
    version: 1,
    by: 'Ada',
    savedAt: at,
  })
  const saved = office.write.saveDraft({ ...first, words: words('Dear Ada,\nthank you'), by: 'Ben', at: later })
  expect(saved).toMatchObject({ id: first.id, version: 2, by: 'Ben', savedAt: later, words: words('Dear Ada,\nthank you') })
  expect(office.read.drafts(identity.id)).toEqual([saved, second])
  expect(office.write.discardDraft(saved)).toEqual(saved)
  expect(office.read.drafts(null)).toEqual([second])
  expect(office.read.draft(first.id)).toBeNull()
})

test('two windows never overwrite each other', () => {
  const draft = add('one')
  const mine = office.write.saveDraft({ ...draft, words: words('mine'), by: 'Ada', at: later })
  expect(codeOf(() => office.write.saveDraft({ ...draft, words: words('theirs'), by: 'Ben', at: later }))).toBe('draft_changed')
  expect(office.read.draft(draft.id)).toEqual(mine)
})

test('there are at most as many as a person can look through', () => {
  for (let n = 0; n < MOST_DRAFTS; n++) add(`draft ${n}`)
  expect(codeOf(() => add('one more'))).toBe('bad_request')
  expect(office.read.drafts(identity.id)).toHaveLength(MOST_DRAFTS)
})

describe('a draft cannot become another voice’s', () => {
  let other: StoredAccount
  let sibling: StoredAccount
  beforeEach(() => {
    other = accountIn(office, identityIn(office))
    sibling = accountIn(office, identity)
    office.write.applyBatch(batch(other, [message(7)]))
    office.write.applyBatch(batch(sibling, [message(8)]))
  })

  test('by naming an account of another identity', () => {
    const input = { identityId: identity.id, accountId: other.id, target: null, words: words('x'), by: 'Ada', at }
    expect(codeOf(() => office.write.addDraft(input))).toBe('voice_mismatch')
  })

  test('by answering a message of another account, not even of the same identity', () => {
    for (const subject of ['Subject 7', 'Subject 8']) expect(codeOf(() => add('x', messageOf(subject).id))).toBe('voice_mismatch')
    expect(codeOf(() => add('x', MessageId.parse('999')))).toBe('not_found')
  })

  test('by being saved or thrown away under another identity', () => {
    const draft = add('mine')
    const wrong = { ...draft, identityId: other.identityId }
    expect(codeOf(() => office.write.saveDraft({ ...wrong, at: later }))).toBe('voice_mismatch')
    expect(codeOf(() => office.write.discardDraft(wrong))).toBe('voice_mismatch')
    expect(codeOf(() => office.write.discardDraft({ ...draft, id: DraftId.parse('999') }))).toBe('not_found')
    expect(office.read.draft(draft.id)).toEqual(draft)
  })

  test('by any statement of SQL', () => {
    const draft = Number(add('mine').id)
    const message8 = Number(messageOf('Subject 8').id)
    const attacks = [
      `UPDATE draft SET identity_id = ${other.identityId} WHERE id = ${draft}`,
      `UPDATE draft SET account_id = ${other.id} WHERE id = ${draft}`,
      `UPDATE draft SET account_id = ${other.id}, identity_id = ${other.identityId} WHERE id = ${draft}`,
      `UPDATE draft SET target_id = ${message8} WHERE id = ${draft}`,
      `INSERT INTO draft (account_id, identity_id, target_id, words, version, by, saved_at)
       VALUES (${other.id}, ${identity.id}, NULL, '{}', 1, '', '')`,
      `INSERT INTO draft (account_id, identity_id, target_id, words, version, by, saved_at)
       VALUES (${account.id}, ${identity.id}, ${message8}, '{}', 1, '', '')`,
    ]
    for (const attack of attacks) expect(() => office.db.run(attack), attack).toThrow(/constraint|owner/)
  })
})
