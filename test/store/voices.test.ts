import { beforeEach, expect, test } from 'vitest'
import { accountIn, type Direct, direct, dump, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

/** Invariant 1, attacked with plain SQL: whatever the program does wrong, the database refuses to mix voices. */
let office: Direct

beforeEach(() => {
  office = direct()
  for (const name of ['Institution', 'Member']) {
    const identity = identityIn(office, name, name === 'Member' ? 'mandate' : 'institutional')
    const account = accountIn(office, identity)
    office.write.applyBatch(batch(account, [message(1), message(2)]))
    office.write.queueItem({
      identityId: identity.id,
      accountId: account.id,
      content: { do: 'act', act: 'like', on: true, handle: 'ada', comment: '' },
      target: null,
      quote: null,
      after: null,
      leaves: 'waiting',
      by: 'Ada',
      at: '2026-01-02T00:00:00.000Z',
      notBefore: '2026-01-02T00:00:00.000Z',
    })
    office.write.attachFile(
      identity.id,
      { sha256: '0'.repeat(64), size: 1, file: `file-${name}`, key: new Uint8Array(32) },
      '2026-01-02T00:00:00.000Z',
    )
  }
})

const refused: Record<string, string> = {
  'an account moved to another identity': 'UPDATE account SET identity_id = 2 WHERE id = 1',
  'an account moved to another network': "UPDATE account SET network = 'feed' WHERE id = 1",
  'an identity that changes its voice': "UPDATE identity SET voice = 'personal' WHERE id = 1",
  'a conversation moved to another identity': 'UPDATE conversation SET identity_id = 2 WHERE account_id = 1',
  'a conversation moved to another account': 'UPDATE conversation SET account_id = 2, identity_id = 2 WHERE account_id = 1',
  'a conversation of an account under another identity': `INSERT INTO conversation (account_id, identity_id, key, shelf, state, base_state, in_key, out_key, triaged, unread, messages, attachments, latest_in, outbound, at, from_name, subject)
    VALUES (1, 2, 99, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '')`,
  'a message in a conversation of another account':
    'UPDATE message SET conversation_id = (SELECT id FROM conversation WHERE account_id = 2) WHERE account_id = 1',
  'a message moved to another identity': 'UPDATE message SET identity_id = 2 WHERE account_id = 1',
  'a message moved with its conversation named': `UPDATE message SET account_id = 2, identity_id = 2,
    conversation_id = (SELECT id FROM conversation WHERE account_id = 2 LIMIT 1) WHERE id = (SELECT min(id) FROM message WHERE account_id = 1)`,
  'a new message that mixes account and conversation': `INSERT INTO message (id, conversation_id, account_id, identity_id, remote_id, kind, direction, is_read, answered, versions, attachments, at, from_name, from_handle, recipients, subject, snippet)
    SELECT 5, id, 2, 2, 'x', 'mail', 'inbound', 0, 0, 1, 0, '', '', '', '[]', '', '' FROM conversation WHERE account_id = 1 LIMIT 1`,
  'a message by a person of another identity':
    'UPDATE message SET person_id = (SELECT id FROM person WHERE identity_id = 2) WHERE account_id = 1',
  'a person moved to another identity': 'UPDATE person SET identity_id = 2 WHERE identity_id = 1',
  'a handle of a person of another identity':
    "INSERT INTO handle VALUES (1, 'mail', 'x', (SELECT id FROM person WHERE identity_id = 2 LIMIT 1))",
  'a handle that goes to a person of another identity':
    'UPDATE handle SET person_id = (SELECT id FROM person WHERE identity_id = 2 LIMIT 1) WHERE identity_id = 1',
  'a thread key that leads to a conversation of another account':
    "INSERT INTO thread_key VALUES (1, 'x', (SELECT id FROM conversation WHERE account_id = 2 LIMIT 1), 1)",
  'a thread key that leads away':
    'UPDATE thread_key SET conversation_id = (SELECT id FROM conversation WHERE account_id = 2 LIMIT 1) WHERE account_id = 1',
  'a place of another account':
    "INSERT INTO place VALUES (2, 'INBOX', 'x', (SELECT min(id) FROM message WHERE account_id = 1), 0, 0)",
  'a place that is given to another account': 'UPDATE place SET account_id = 2',
  'a place that names a message of another account':
    'UPDATE place SET message_id = (SELECT min(id) FROM message WHERE account_id = 2) WHERE account_id = 1',
  'an act on a message of another account':
    "INSERT INTO pending_act (account_id, message_id, kind, turn_on, tries, changed_at) SELECT 2, min(id), 'set_read', 1, 0, '' FROM message WHERE account_id = 1",
  'counts of an account under another identity': 'UPDATE badge SET identity_id = 2 WHERE account_id = 1',
  ...Object.fromEntries(
    (['target_id', 'quote_id', 'message_id'] as const).map((column) => [
      `an item that names a message of another account (${column})`,
      `INSERT INTO outbox (identity_id, account_id, ${column}, key, content, sha256, salt, seq, leaves, by, queued_at, state, not_before, to_confirm, tries)
        SELECT 1, 1, (SELECT min(id) FROM message WHERE account_id = 2), key, content, sha256, salt, seq, leaves, by, queued_at, state, not_before, 0, 0 FROM outbox WHERE id = 1`,
    ]),
  ),
  'an item of an account under another identity': `INSERT INTO outbox (identity_id, account_id, key, content, sha256, salt, seq, leaves, by, queued_at, state, not_before, to_confirm, tries)
    SELECT 2, 1, key, content, sha256, salt, seq, leaves, by, queued_at, state, not_before, 0, 0 FROM outbox WHERE id = 1`,
  'an item that continues one of another account': `INSERT INTO outbox (identity_id, account_id, after_id, key, content, sha256, salt, seq, leaves, by, queued_at, state, not_before, to_confirm, tries)
    SELECT 1, 1, 2, key, content, sha256, salt, seq, leaves, by, queued_at, state, not_before, 0, 0 FROM outbox WHERE id = 1`,
  'an item that became a message of another account':
    'UPDATE outbox SET message_id = (SELECT min(id) FROM message WHERE account_id = 2) WHERE id = 1',
  'an item moved to another account': 'UPDATE outbox SET account_id = 2, identity_id = 2 WHERE id = 1',
  'an item whose content is changed after it was approved': "UPDATE outbox SET content = '{}' WHERE id = 1",
  'an item that answers something else':
    'UPDATE outbox SET target_id = (SELECT min(id) FROM message WHERE account_id = 1) WHERE id = 1',
  'an item that is thrown away': 'DELETE FROM outbox',
  'a file of another identity that goes with an item':
    'INSERT INTO outbox_media VALUES (1, 0, (SELECT id FROM media WHERE identity_id = 2))',
  'figures of a message of another account':
    "INSERT INTO metric (account_id, message_id, at, counts) SELECT 2, min(id), '', '{}' FROM message WHERE account_id = 1",
  'a message of another account that is read again':
    "INSERT INTO reread SELECT min(id), 2, 0, '' FROM message WHERE account_id = 1",
  'a record that is rewritten': 'UPDATE record SET sha256 = zeroblob(32)',
  'a record that is given to another message': 'UPDATE record SET message_id = (SELECT max(id) FROM message)',
  'a message that is thrown away while its record stands': 'DELETE FROM message',
  'a conversation that is thrown away while it has messages': 'DELETE FROM conversation',
  'an identity that is thrown away while it has accounts': 'DELETE FROM identity',
  'a conversation on a list that does not fit its state': 'UPDATE conversation SET shelf = 1',
}

test.each(Object.entries(refused))('refused: %s', (_, statement) => {
  const before = dump(office.sql)
  expect(() => office.sql.exec(statement)).toThrow(/constraint failed|cannot be changed|only a disposal|of another identity/)
  expect(dump(office.sql)).toBe(before)
})

test('the store itself refuses a batch, an act or an account that names another identity', () => {
  const [first, second] = office.read.accounts()
  if (!first || !second) throw new Error('two accounts')
  expect(() => office.write.applyBatch(batch(first, [message(3)], { identityId: second.identityId }))).toThrow(
    expect.objectContaining({ code: 'voice_mismatch' }),
  )
  const row = office.read.page({
    filter: { view: 'all', identityId: null, accountId: first.id, labelId: null, unreadOnly: false },
    from: null,
    until: null,
    limit: 1,
  }).rows[0]
  if (!row) throw new Error('a row')
  const foreign = [{ id: row.id, identityId: second.identityId }]
  const now = '2026-01-02T00:00:00.000Z'
  for (const act of [
    () => office.write.setState(foreign, 'done', now),
    () => office.write.snooze(foreign, now, now),
    () => office.write.setRead(foreign, true, [], now),
    () => office.write.wake(foreign, now),
    () => office.write.updateAccount({ id: first.id, identityId: second.identityId, label: 'mine now' }),
  ]) {
    expect(act).toThrow(expect.objectContaining({ code: 'voice_mismatch' }))
  }
  expect(office.read.rows([row.id])).toEqual([row])
})

test('the same person writing to two voices is two persons', () => {
  expect(office.sql.prepare('SELECT count(*) FROM person').pluck().get()).toBe(4)
  expect(office.sql.prepare('SELECT count(DISTINCT handle) FROM handle').pluck().get()).toBe(2)
})
