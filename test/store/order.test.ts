import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoreMessage } from '#store/store.ts'
import { accountIn, type Direct, direct, identityIn } from './direct.ts'
import { batch, message } from './support.ts'

/** What an office holds, without the ids it chose: the same messages must give the same office in whatever order they come. */
function essence(office: Direct) {
  const messages = office.sql
    .prepare(
      `SELECT m.conversation_id, m.remote_id, m.is_read, m.versions, m.at, m.subject, p.name AS person,
         (SELECT count(*) FROM record r WHERE r.message_id = m.id) AS records,
         (SELECT group_concat(place) FROM (SELECT place FROM place WHERE message_id = m.id ORDER BY place)) AS places
       FROM message m LEFT JOIN person p ON p.id = m.person_id ORDER BY m.remote_id`,
    )
    .all() as ({ conversation_id: number; remote_id: string } & Record<string, unknown>)[]
  const first = new Map<number, string>()
  for (const { conversation_id, remote_id } of messages) if (!first.has(conversation_id)) first.set(conversation_id, remote_id)
  const conversations = office.sql
    .prepare(
      'SELECT id, state, shelf, unread, messages, attachments, outbound, loud, latest_in, at, from_name, subject, (SELECT m.snippet FROM message m WHERE m.id = key) AS snippet, (SELECT remote_id FROM message WHERE id = key) AS newest FROM conversation',
    )
    .all() as ({ id: number } & Record<string, unknown>)[]
  return {
    messages: messages.map(({ conversation_id, ...rest }) => ({ ...rest, conversation: first.get(conversation_id) })),
    conversations: conversations
      .map(({ id, ...rest }) => ({ ...rest, conversation: first.get(id) ?? '' }))
      .sort((a, b) => (a.conversation < b.conversation ? -1 : 1)),
    keys: (
      office.sql.prepare('SELECT key, conversation_id AS id FROM thread_key ORDER BY key').all() as { key: string; id: number }[]
    ).map(({ key, id }) => [key, first.get(id)]),
    badges: office.read.badges(),
  }
}

/** Messages that share threads and times, some in the same second. */
const corpus: fc.Arbitrary<StoreMessage[]> = fc
  .array(
    fc.record({
      minute: fc.integer({ min: 0, max: 12 }),
      threads: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }),
      outbound: fc.boolean(),
      read: fc.boolean(),
      writer: fc.integer({ min: 0, max: 3 }),
      name: fc.constantFrom('', 'Ada', 'Ada L.', 'A. Lovelace'),
      attachment: fc.boolean(),
      quiet: fc.boolean(),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((items) =>
    items.map((item, n) =>
      message(n, {
        // Times differ by a millisecond where minutes agree, so that there is one newest message.
        at: new Date(Date.UTC(2026, 0, 1) + item.minute * 60_000 + n).toISOString(),
        threadKeys: [`<m${n}@example>`, ...item.threads.map((thread) => `t${thread}`)],
        direction: item.outbound ? 'outbound' : 'inbound',
        read: item.read,
        quiet: item.quiet,
        from: { name: item.name, handle: `writer${item.writer}@example.org` },
        attachments: item.attachment
          ? [{ index: 0, name: 'a.pdf', mediaType: 'application/pdf', size: 1, contentId: null, inline: false }]
          : [],
      }),
    ),
  )

const arrival = fc.constantFrom({ kind: 'live' as const }, { kind: 'backfill' as const, recentAfter: '2026-01-01T00:05:00.000Z' })

test('the same messages in any order, in any batches, any number of times give the same office', () => {
  fc.assert(
    fc.property(
      corpus.chain((messages) =>
        fc.record({
          messages: fc.constant(messages),
          // Every message at least once, some again, all mixed.
          order: fc
            .array(fc.integer({ min: 0, max: messages.length - 1 }), { maxLength: 8 })
            .chain((again) => fc.shuffledSubarray([...messages.keys(), ...again], { minLength: messages.length + again.length })),
          size: fc.integer({ min: 1, max: 6 }),
          arrival,
        }),
      ),
      ({ messages, order, size, arrival: kind }) => {
        const plain = direct()
        const account = accountIn(plain, identityIn(plain))
        plain.write.applyBatch(batch(account, messages, { arrival: kind }))
        const mixed = direct()
        accountIn(mixed, identityIn(mixed))
        for (let at = 0; at < order.length; at += size) {
          const some = order.slice(at, at + size).flatMap((n) => messages[n] ?? [])
          mixed.write.applyBatch(batch(account, some, { arrival: kind }))
        }
        expect(essence(mixed)).toEqual(essence(plain))
        expect(mixed.read.doctor().filter((finding) => !finding.ok)).toEqual([])
        plain.sql.close()
        mixed.sql.close()
      },
    ),
    { numRuns: 60 },
  )
})
