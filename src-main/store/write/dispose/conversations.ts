import type { WriteDb } from '../../handle.ts'
import type { Whereabouts } from '../../manifest.ts'
import { recordBytes } from '../../read/records.ts'
import { clean } from '../../text.ts'
import type { BadgeChanges } from '../badges.ts'
import { dropNotes } from '../marks.ts'
import { Working } from '../working.ts'

interface Left {
  id: number
  direction: string
  is_read: number
  quiet: number
  at: string
  from_name: string
  from_handle: string
  recipients: string
  subject: string
  files: number
}

/** A conversation while messages are removed from it. */
export class Shrinking {
  readonly #db: WriteDb
  readonly #working: Working
  /** Thread keys that a removed message may have brought. */
  readonly #keys = new Set<string>()
  readonly #all: string[]

  constructor(db: WriteDb, id: number) {
    this.#db = db
    this.#working = Working.load(db, id)
    this.#all = db.column<string>('SELECT key FROM thread_key WHERE conversation_id = ?', id)
  }

  /** Must be told before the message is removed: its bytes say which keys it brought. */
  loses(message: number, remoteId: string): void {
    const texts = bytesOf(this.#db, message)
    for (const key of this.#all) if (key === remoteId || texts.some((text) => text.includes(key, 0, 'utf8'))) this.#keys.add(key)
  }

  /**
   * Brings the conversation in line with the messages that are left, or removes it.
   * @param forgetNotes What the office noted on it may speak of whom it is to forget.
   */
  close(badges: BadgeChanges, forgetNotes: boolean): void {
    const db = this.#db
    const { id } = this.#working.now
    if (forgetNotes) dropNotes(db, id)
    const left = db.all<Left>(
      `SELECT id, direction, is_read, quiet, at, from_name, from_handle, recipients, subject,
         EXISTS (SELECT 1 FROM attachment t WHERE t.message_id = m.id AND NOT t.is_inline) AS files
       FROM message m WHERE conversation_id = ? ORDER BY id DESC`,
      id,
    )
    if (left.length === 0) {
      this.#working.remove(db, badges)
      return
    }
    this.#dropKeys(left)
    this.#describe(left)
    this.#working.settle()
    this.#working.write(db, badges)
  }

  /** Removes the keys that no message that is left has too. */
  #dropKeys(left: Left[]): void {
    const own = new Set(this.#db.column<string>('SELECT remote_id FROM message WHERE conversation_id = ?', this.#working.now.id))
    const keys = [...this.#keys].filter((key) => !own.has(key))
    const lost = new Set(keys)
    for (const { id } of left) {
      if (lost.size === 0) return
      const texts = bytesOf(this.#db, id)
      for (const key of lost) if (texts.some((text) => text.includes(key, 0, 'utf8'))) lost.delete(key)
    }
    for (const key of lost)
      this.#db.run('DELETE FROM thread_key WHERE account_id = ? AND key = ?', this.#working.now.account_id, key)
  }

  #describe(left: Left[]): void {
    const { now } = this.#working
    const loud = left.filter((message) => message.quiet === 0)
    const inbound = loud.filter((message) => message.direction === 'inbound')
    const newest = loud[0] ?? left[0]
    if (!newest) return
    now.loud = loud.length > 0 ? 1 : 0
    const named = inbound[0] ?? newest
    now.key = newest.id
    now.at = newest.at
    now.subject = newest.subject
    now.outbound = newest.direction === 'outbound' ? 1 : 0
    now.from_name = nameOf(named)
    now.latest_in = inbound[0]?.id ?? 0
    now.messages = left.length
    now.attachments = left.reduce((sum, message) => sum + message.files, 0)
    now.unread = inbound.filter((message) => message.is_read === 0).length
    const is = new Set(left.map((message) => message.id))
    // What asked for a reply is gone; one before it may have asked too. To show one too many is better than to lose one.
    if (!is.has(now.in_key))
      now.in_key = inbound.find((message) => message.id < now.in_key && (now.triaged === 0 || message.is_read === 0))?.id ?? 0
    if (!is.has(now.out_key))
      now.out_key = loud.find((message) => message.direction === 'outbound' && message.id < now.out_key)?.id ?? 0
  }
}

function nameOf(message: Left): string {
  if (message.direction === 'inbound') return clean(message.from_name || message.from_handle)
  const [[first]] = JSON.parse(message.recipients) as [[string, string][]]
  return clean(first ? first[0] || first[1] : message.from_name || message.from_handle)
}

function bytesOf(db: WriteDb, message: number): Buffer[] {
  return db
    .all<Whereabouts & object>('SELECT size, pack_id, pack_at, file, file_key FROM record WHERE message_id = ?', message)
    .map((row) => Buffer.from(recordBytes(db, row)))
}
