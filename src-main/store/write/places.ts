import { deletionEntry } from '#archive/entries.ts'
import { AccountStatus, type Instant, type MessageId } from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import { toNumber } from '../ids.ts'
import { ledgerOf } from '../ledgers.ts'
import type { StoreBatch } from '../store.ts'
import type { Threads } from './threads.ts'

/** Where messages of one account were seen, and what that says about flags and deletions. */
export class Places {
  readonly #db: WriteDb
  readonly #batch: StoreBatch
  readonly #accountId: number
  readonly #threads: Threads
  readonly #pending: boolean
  /** When the account was last known complete; read once, when it is first needed. */
  #lastSeen: { lastSeen: Instant | null } | null = null
  updated = 0
  deleted = 0

  constructor(db: WriteDb, batch: StoreBatch, accountId: number, threads: Threads) {
    this.#db = db
    this.#batch = batch
    this.#accountId = accountId
    this.#threads = threads
    this.#pending = db.value('SELECT 1 FROM pending_act WHERE account_id = ? LIMIT 1', accountId) === 1
  }

  /** Voids every place of the stream; what was there is judged when the stream is settled. */
  reset(): void {
    const { stream } = this.#batch
    this.#db.run(
      `INSERT INTO unsettled (account_id, stream, message_id) SELECT account_id, stream, message_id FROM place
       WHERE account_id = ? AND stream = ? ON CONFLICT DO NOTHING`,
      this.#accountId,
      stream,
    )
    for (const table of ['place', 'forgotten_place'])
      this.#db.run(`DELETE FROM ${table} WHERE account_id = ? AND stream = ?`, this.#accountId, stream)
  }

  put(place: string, messageId: number, read: boolean, answered: boolean): void {
    this.#db.run(
      `INSERT INTO place (account_id, stream, place, message_id, is_read, answered) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET message_id = excluded.message_id, is_read = excluded.is_read, answered = excluded.answered`,
      this.#accountId,
      this.#batch.stream,
      place,
      messageId,
      read ? 1 : 0,
      answered ? 1 : 0,
    )
  }

  marks(): void {
    for (const { place, read, answered, remoteId } of this.#batch.marks) {
      const at = this.#db.value<number>(
        'SELECT message_id FROM place WHERE account_id = ? AND stream = ? AND place = ?',
        this.#accountId,
        this.#batch.stream,
        place,
      )
      const id = at ?? (remoteId === undefined ? undefined : this.#seenAgain(remoteId))
      if (id === undefined) continue
      this.put(place, id, read, answered)
      if (this.flags(id, read, answered)) this.updated += 1
    }
  }

  /** A message of the office that was now seen at another place, so it is not deleted. */
  #seenAgain(remoteId: string): number | undefined {
    const id = this.#db.value<number>('SELECT id FROM message WHERE account_id = ? AND remote_id = ?', this.#accountId, remoteId)
    if (id !== undefined && this.revive(id)) this.updated += 1
    return id
  }

  /** A message that is there already came again. A copy in a file does not say that it is still on its network. @returns whether that is news. */
  seen(messageId: number, deletedAt: Instant | null | undefined): boolean {
    return this.#batch.origin === 'file' ? this.remove(messageId, deletedAt) : this.revive(messageId)
  }

  /** A message was removed from its network at a time that the network tells. @returns whether that was not known. */
  remove(messageId: number, deletedAt: Instant | null | undefined): boolean {
    if (!deletedAt) return false
    const conversation = this.#db.value<number>(
      'UPDATE message SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL RETURNING conversation_id',
      deletedAt,
      messageId,
    )
    if (conversation === undefined) return false
    this.deleted += 1
    this.#enter(messageId, 'gone')
    this.#threads.byId(conversation).touch()
    return true
  }

  /** Takes a deletion back. @returns whether there was one. */
  revive(messageId: number): boolean {
    const conversation = this.#db.value<number>(
      'UPDATE message SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL RETURNING conversation_id',
      messageId,
    )
    if (conversation === undefined) return false
    this.#enter(messageId, 'back')
    this.#threads.byId(conversation).touch()
    return true
  }

  /** Takes over flags from the network, except those that a person changed here and the network has not heard of yet. */
  flags(messageId: number, read: boolean, answered: boolean): boolean {
    const message = this.#db.get<{
      conversation_id: number
      direction: string
      is_read: number
      answered: number
      quiet: number
    }>('SELECT conversation_id, direction, is_read, answered, quiet FROM message WHERE id = ?', messageId)
    if (!message) return false
    const isRead = message.quiet === 1 || this.#waits(messageId, 'set_read') ? message.is_read : Number(read)
    const isAnswered = this.#waits(messageId, 'set_answered') ? message.answered : Number(answered)
    if (isRead === message.is_read && isAnswered === message.answered) return false
    this.#db.run('UPDATE message SET is_read = ?, answered = ? WHERE id = ?', isRead, isAnswered, messageId)
    const conversation = this.#threads.byId(message.conversation_id)
    if (isRead !== message.is_read && message.direction === 'inbound') conversation.now.unread += isRead ? -1 : 1
    conversation.touch()
    return true
  }

  #waits(messageId: number, kind: string): boolean {
    if (!this.#pending) return false
    return this.#db.value('SELECT 1 FROM pending_act WHERE message_id = ? AND kind = ?', messageId, kind) === 1
  }

  gone(): void {
    for (const place of this.#batch.gone) {
      const id = this.#db.value<number>(
        'DELETE FROM place WHERE account_id = ? AND stream = ? AND place = ? RETURNING message_id',
        this.#accountId,
        this.#batch.stream,
        place,
      )
      if (id !== undefined) this.#judge(id)
      else this.#forget(place)
    }
  }

  /** Where something was that was disposed of here. */
  #forget(place: string): void {
    this.#db.run(
      'DELETE FROM forgotten_place WHERE account_id = ? AND stream = ? AND place = ?',
      this.#accountId,
      this.#batch.stream,
      place,
    )
  }

  /** Says in the ledger that a message was found gone, or there again: between the last complete sync and now. */
  #enter(messageId: number, state: 'gone' | 'back'): void {
    this.#lastSeen ??= this.#readLastSeen()
    const { accountId: account, identityId, capturedAt: at } = this.#batch
    const { lastSeen } = this.#lastSeen
    const message = String(messageId) as MessageId
    ledgerOf(this.#db, toNumber(identityId)).append((seq) => deletionEntry({ account, at, lastSeen, message, seq, state }))
  }

  #readLastSeen(): { lastSeen: Instant | null } {
    const status = this.#db.value<string>('SELECT status FROM account WHERE id = ?', this.#accountId)
    return { lastSeen: AccountStatus.parse(JSON.parse(status ?? '')).lastSyncAt }
  }

  /** The stream has been listed again: what did not come back was deleted. */
  settle(): void {
    const ids = this.#db.column<number>(
      'DELETE FROM unsettled WHERE account_id = ? AND stream = ? RETURNING message_id',
      this.#accountId,
      this.#batch.stream,
    )
    for (const id of ids) this.#judge(id)
  }

  /** A message without any place left, and not about to be listed again, was deleted upstream; the copy stays. */
  #judge(messageId: number): void {
    const changes = this.#db.run(
      `UPDATE message SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM place p WHERE p.message_id = message.id)
         AND NOT EXISTS (SELECT 1 FROM unsettled u WHERE u.message_id = message.id)`,
      this.#batch.capturedAt,
      messageId,
    )
    if (changes === 0) return
    this.deleted += 1
    this.#enter(messageId, 'gone')
    const conversation = this.#db.value<number>('SELECT conversation_id FROM message WHERE id = ?', messageId)
    if (conversation !== undefined) this.#threads.byId(conversation).touch()
  }
}
