import type { ConversationRow } from '#shared/model/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { toRow } from '../conversations.ts'
import { Forgotten } from '../forgotten.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { type Doc, docOf } from '../search/doc.ts'
import { addDocs, replaceDocs } from '../search/parts.ts'
import type { BatchResult, StoreBatch, StoreMessage } from '../store.ts'
import { snippetOf } from '../text.ts'
import { applyAgain, type KnownMessage } from './again.ts'
import { Allocator } from './allocate.ts'
import { BadgeChanges } from './badges.ts'
import { addFigures, planRereads } from './figures.ts'
import { insertMessage, type NewMessage, otherSide, Slots, tidyMessage } from './message.ts'
import { People } from './people.ts'
import { Places } from './places.ts'
import { digest, Records } from './record.ts'
import { Threads } from './threads.ts'
import { finalOf, type Working } from './working.ts'

/** The most conversations that a result carries. */
const mostRows = 500

interface Owner {
  identity_id: number
  network: string
}

/** The account of a batch. @throws `not_found`, or `voice_mismatch` when the batch names another identity. */
function ownerOf(db: WriteDb, batch: StoreBatch): Owner {
  const owner = db.get<Owner & object>('SELECT identity_id, network FROM account WHERE id = ?', toNumber(batch.accountId))
  if (!owner) throw new ProblemError('not_found', { what: 'account', id: batch.accountId })
  if (owner.identity_id !== toNumber(batch.identityId)) throw new ProblemError('voice_mismatch', { what: 'account' })
  if (owner.network !== batch.network) throw new ProblemError('bad_request', { detail: 'the account is on another network' })
  return owner
}

/** Whether a new message asks for a reply (inbound) or answers (outbound), by how it arrived. */
function counts(batch: StoreBatch, message: StoreMessage, conversation: Working): boolean {
  if (message.quiet) return false
  if (batch.arrival.kind === 'live') return true
  if (message.direction === 'outbound' || conversation.now.triaged === 1) return false
  return !message.read && message.at > batch.arrival.recentAfter
}

/** What else belongs into the transaction of a batch that a sending brought. */
export interface Around {
  /** The message that the batch's messages answer: they are of its conversation, whatever else they say. */
  joins: number | null
  /** The message that was taken off the network. */
  deleted: number | null
  /** Called when all messages are there, before conversations are written for the last time. */
  finish: (threads: Threads) => void
}

/**
 * Saves one step of a sync: messages, records, places, deletions, cursor, search and counts, in the caller's transaction.
 * Idempotent by (account, remote id), and free of order: the same messages in any order and number give the same office.
 * Rows go first and the search index last, which is what makes it quick.
 */
export function applyBatch(db: WriteDb, batch: StoreBatch, around: Around | null = null): BatchResult {
  const owner = ownerOf(db, batch)
  const accountId = toNumber(batch.accountId)
  const threads = new Threads(db, accountId, owner.identity_id)
  const places = new Places(db, batch, accountId, threads)
  const badges = new BadgeChanges()
  const people = new People(db, owner.identity_id, batch.network)
  const ids = new Allocator(db)
  const records = new Records(db, batch)
  const slots = new Slots(db)
  const forgotten = new Forgotten(db, accountId)
  const fresh: NewMessage[] = []
  const seen = new Set<string>()
  const again: { known: KnownMessage | null; message: StoreMessage; sha256: Uint8Array }[] = []

  if (batch.reset) places.reset()
  const joins = around?.joins ?? null
  const answered = joins === null ? null : conversationOf(db, threads, joins)
  for (const incoming of batch.messages) {
    const message = tidyMessage(incoming)
    const sha256 = digest(message.raw)
    if (answered) threads.join(message.threadKeys, finalOf(answered))
    const known = seen.has(message.remoteId) ? null : findKnown(db, accountId, message.remoteId)
    if (known || seen.has(message.remoteId)) {
      again.push({ known, message, sha256 })
      continue
    }
    if (forgotten.has(message.remoteId, sha256)) {
      if (message.place !== null) forgotten.place(db, batch.stream, message.place)
      continue
    }
    seen.add(message.remoteId)
    const id = ids.next(message.at, message.remoteId)
    const conversation = threads.join(message.threadKeys, null)
    const snippet = snippetOf(message.text)
    const inbound = message.direction === 'inbound'
    conversation.add({
      id,
      inbound,
      quiet: message.quiet === true,
      unread: inbound && !message.read && !message.quiet,
      counts: counts(batch, message, conversation),
      live: batch.arrival.kind === 'live',
      attachments: message.attachments.some((attachment) => !attachment.inline) ? 1 : 0,
      at: message.at,
      name: otherSide(message),
      subject: message.subject,
      snippet,
    })
    fresh.push({ id, conversation, message, sha256, snippet })
  }
  threads.write(badges)

  const docs: Doc[] = []
  for (const item of fresh) {
    const slot = insertMessage(db, item, { people, records, slots })
    if (item.message.place !== null) places.put(item.message.place, item.id, item.message.read, item.message.answered)
    docs.push(docOf(item.id, slot, accountId, item.message))
  }
  records.flush()
  for (const { id, message } of fresh) places.remove(id, message.deletedAt)
  const edited = new Map<number, Doc>()
  const applied = new Set<number>()
  for (const { known, message, sha256 } of again) {
    // Further versions of one message in a batch: each comes after the one before it.
    const now = known && !applied.has(known.id) ? known : findKnown(db, accountId, message.remoteId)
    if (!now) throw new Error('a message of this batch is not there')
    applied.add(now.id)
    const change = applyAgain(db, now, message, sha256, { places, people, threads, records })
    if (change === 'edited') edited.set(now.id, docOf(now.id, now.slot, accountId, message))
    records.flush()
    if (change !== 'same') places.updated += 1
  }
  people.write()
  places.marks()
  places.gone()
  if (batch.settled) places.settle()
  if (around && around.deleted !== null) places.remove(around.deleted, batch.capturedAt)
  around?.finish(threads)
  threads.write(badges)
  badges.write(db)
  if (batch.cursor !== null)
    db.run(
      'INSERT INTO stream (account_id, name, cursor) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET cursor = excluded.cursor',
      accountId,
      batch.stream,
      batch.cursor,
    )
  addFigures(db, batch, accountId, owner.identity_id)
  if (batch.rereads) planRereads(db, batch, accountId, fresh)
  const { moved } = batch
  if (moved)
    db.run('UPDATE account SET settings = ?, address = ? WHERE id = ?', JSON.stringify(moved.settings), moved.address, accountId)
  replaceDocs(db, [...edited.values()])
  addDocs(db, docs)
  return { new: fresh.length, updated: places.updated, deleted: places.deleted, ...rowsOf(threads, batch) }
}

function conversationOf(db: WriteDb, threads: Threads, message: number): Working | null {
  const id = db.value<number>('SELECT conversation_id FROM message WHERE id = ?', message)
  return id === undefined ? null : threads.byId(id)
}

function findKnown(db: WriteDb, accountId: number, remoteId: string): KnownMessage | null {
  return (
    db.get<KnownMessage>('SELECT id, slot, versions FROM message WHERE account_id = ? AND remote_id = ?', accountId, remoteId) ??
    null
  )
}

function rowsOf(threads: Threads, batch: StoreBatch): { arrived: ConversationRow[]; changed: ConversationRow[]; more: boolean } {
  const arrived: Working[] = []
  const changed: Working[] = []
  for (const working of threads.all()) {
    if (working.arrived) arrived.push(working)
    else if (working.changed) changed.push(working)
  }
  const rows = (list: Working[]) =>
    list
      .sort((a, b) => b.now.key - a.now.key)
      .slice(0, mostRows)
      .map((working) => toRow(working.now, batch.network))
  return { arrived: rows(arrived), changed: rows(changed), more: arrived.length > mostRows || changed.length > mostRows }
}
