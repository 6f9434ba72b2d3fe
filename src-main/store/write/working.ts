import { type ConversationRecord, conversationColumns, conversationMarks, done, shelfOf, stateOf } from '../conversations.ts'
import type { WriteDb } from '../handle.ts'
import type { BadgeChanges } from './badges.ts'
import { dropNotes, moveLabels } from './marks.ts'

/** What a conversation takes from one new message. */
export interface Added {
  id: number
  inbound: boolean
  /** Asks nothing of anybody: shown of a conversation only while it has nothing else. */
  quiet: boolean
  unread: boolean
  /** Makes the conversation need a reply (inbound), or leaves us waiting (outbound). */
  counts: boolean
  /** Came while watching, so that it ends a snooze. */
  live: boolean
  attachments: number
  at: string
  /** The other side. */
  name: string
  subject: string
  snippet: string
}

/** A conversation while a call works on it: loaded once, changed in memory, written once. Every change is free of order. */
export class Working {
  readonly now: ConversationRecord
  /** As it is in the database and in the counts; null before it is there. */
  #stored: { shelf: number; unread: number } | null
  #dirty = false
  /** Got a new message in this call. */
  arrived = false
  /** Is other than before this call. */
  changed = false
  /** Set when it was joined into another one. */
  into: Working | null = null

  private constructor(record: ConversationRecord, stored: boolean) {
    this.now = record
    this.#stored = stored ? { shelf: record.shelf, unread: record.unread } : null
  }

  static load(db: WriteDb, id: number): Working {
    const record = db.get<ConversationRecord>(`SELECT ${conversationColumns} FROM conversation c WHERE c.id = ?`, id)
    if (!record) throw new Error(`conversation ${id} is named but not there`)
    return new Working(record, true)
  }

  static create(id: number, accountId: number, identityId: number): Working {
    return new Working(
      {
        id,
        account_id: accountId,
        identity_id: identityId,
        key: 0,
        shelf: done,
        state: done,
        snoozed_until: null,
        base_state: done,
        in_key: 0,
        out_key: 0,
        triaged: 0,
        unread: 0,
        messages: 0,
        attachments: 0,
        latest_in: 0,
        outbound: 0,
        loud: 0,
        at: '',
        from_name: '',
        subject: '',
        snippet: '',
        labels: null,
        notes: 0,
      },
      false,
    )
  }

  add(message: Added): void {
    const now = this.now
    if (message.quiet) this.#addQuiet(message)
    else this.#addLoud(message)
    now.messages += 1
    now.attachments += message.attachments
    if (message.unread) now.unread += 1
    if (message.counts && message.inbound) now.in_key = Math.max(now.in_key, message.id)
    if (message.counts && !message.inbound) now.out_key = Math.max(now.out_key, message.id)
    if (message.counts && message.inbound && message.live) now.snoozed_until = null
    this.arrived = true
    this.settle()
  }

  #addLoud(message: Added): void {
    const { now } = this
    this.#speakUp()
    if (message.inbound ? message.id > now.latest_in : now.latest_in === 0 && message.id > now.key) now.from_name = message.name
    if (message.inbound && message.id > now.latest_in) now.latest_in = message.id
    if (message.id > now.key) this.#show(message)
  }

  #addQuiet(message: Added): void {
    const { now } = this
    if (now.loud === 1 || message.id < now.key) return
    now.from_name = message.name
    this.#show(message)
  }

  #show(message: Added): void {
    this.now.key = message.id
    this.describe(message)
    this.now.outbound = message.inbound ? 0 : 1
  }

  /** From here on only messages that are not quiet say what is shown. */
  #speakUp(): void {
    if (this.now.loud === 1) return
    Object.assign(this.now, { loud: 1, key: 0, latest_in: 0 })
  }

  /** Shows another text for its newest message. */
  describe(message: { at: string; subject: string; snippet: string }): void {
    this.now.at = message.at
    this.now.subject = message.subject
    this.now.snippet = message.snippet
    this.touch()
  }

  /** Takes in everything of a conversation that turned out to be the same one. The more open state wins. */
  join(other: Working): void {
    const now = this.now
    const from = other.now
    if (from.loud === 1) this.#speakUp()
    if (from.loud === now.loud) this.#joinShown(from)
    now.messages += from.messages
    now.attachments += from.attachments
    now.unread += from.unread
    now.base_state = Math.min(now.base_state, from.base_state)
    now.snoozed_until = earlier(now.snoozed_until, from.snoozed_until)
    now.in_key = Math.max(now.in_key, from.in_key)
    now.out_key = Math.max(now.out_key, from.out_key)
    now.triaged = Math.max(now.triaged, from.triaged)
    this.arrived ||= other.arrived
    other.into = this
    this.settle()
  }

  #joinShown(from: ConversationRecord): void {
    const { now } = this
    if (from.latest_in > 0 ? from.latest_in > now.latest_in : now.latest_in === 0 && from.key > now.key)
      now.from_name = from.from_name
    now.latest_in = Math.max(now.latest_in, from.latest_in)
    if (from.key <= now.key) return
    now.key = from.key
    now.outbound = from.outbound
    this.describe(from)
  }

  /** Derives state and list from the rest. */
  settle(): void {
    const now = this.now
    now.state = stateOf(now.base_state, now.in_key, now.out_key)
    now.shelf = shelfOf(now)
    this.touch()
  }

  /** Marks it as changed, to be written. */
  touch(): void {
    this.#dirty = true
    this.changed = true
  }

  /** Takes the labels and notes that it has in the database. */
  readMarks(db: WriteDb): void {
    Object.assign(this.now, db.get(`SELECT ${conversationMarks} FROM conversation c WHERE c.id = ?`, this.now.id))
    this.changed = true
  }

  /** Writes it, and the difference to the counts. Joined conversations must be gone before. */
  write(db: WriteDb, badges: BadgeChanges): void {
    if (!this.#dirty || this.into) return
    const c = this.now
    if (this.#stored) badges.count({ ...c, ...this.#stored }, -1)
    badges.count(c, 1)
    const values = [
      c.key,
      c.shelf,
      c.state,
      c.snoozed_until,
      c.base_state,
      c.in_key,
      c.out_key,
      c.triaged,
      c.unread,
      c.messages,
      c.attachments,
      c.latest_in,
      c.outbound,
      c.loud,
      c.at,
      c.from_name,
      c.subject,
    ]
    if (!this.#stored) {
      db.run(
        `INSERT INTO conversation (key, shelf, state, snoozed_until, base_state, in_key, out_key, triaged, unread, messages,
           attachments, latest_in, outbound, loud, at, from_name, subject, id, account_id, identity_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...values,
        c.id,
        c.account_id,
        c.identity_id,
      )
    } else {
      db.run(
        `UPDATE conversation SET key = ?, shelf = ?, state = ?, snoozed_until = ?, base_state = ?, in_key = ?, out_key = ?,
           triaged = ?, unread = ?, messages = ?, attachments = ?, latest_in = ?, outbound = ?, loud = ?, at = ?,
           from_name = ?, subject = ? WHERE id = ?`,
        ...values,
        c.id,
      )
    }
    this.#stored = { shelf: c.shelf, unread: c.unread }
    this.#dirty = false
  }

  /** Removes it, for it has no message left. Its id stays taken, so that it never names another conversation. */
  remove(db: WriteDb, badges: BadgeChanges): void {
    if (!this.#stored) return
    const { id } = this.now
    badges.count({ ...this.now, ...this.#stored }, -1)
    this.#stored = null
    db.run('DELETE FROM thread_key WHERE conversation_id = ?', id)
    db.run('DELETE FROM conversation_label WHERE conversation_id = ?', id)
    dropNotes(db, id)
    db.run('UPDATE hold SET conversation_id = NULL WHERE conversation_id = ?', id)
    db.run('DELETE FROM conversation WHERE id = ?', id)
    db.run('INSERT INTO merged (id, into_id) VALUES (?, ?)', id, id)
  }

  /** Moves what hangs in the database on a joined conversation to the one it went into, and removes it. */
  dissolve(db: WriteDb, badges: BadgeChanges): void {
    if (!this.into || !this.#stored) return
    const winner = finalOf(this).now.id
    const id = this.now.id
    badges.count({ ...this.now, ...this.#stored }, -1)
    this.#stored = null
    db.run('UPDATE message SET conversation_id = ? WHERE conversation_id = ?', winner, id)
    db.run('UPDATE thread_key SET conversation_id = ? WHERE conversation_id = ?', winner, id)
    db.run('UPDATE hold SET conversation_id = ? WHERE conversation_id = ?', winner, id)
    moveLabels(db, id, winner)
    db.run('UPDATE note SET conversation_id = ? WHERE conversation_id = ?', winner, id)
    finalOf(this).readMarks(db)
    db.run('DELETE FROM conversation WHERE id = ?', id)
    db.run('UPDATE merged SET into_id = ? WHERE into_id = ?', winner, id)
    db.run('INSERT INTO merged (id, into_id) VALUES (?, ?)', id, winner)
  }
}

/** Of two snoozes the earlier; not snoozed is the more open. */
function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null
  return a < b ? a : b
}

/** The conversation that one has become after joins. */
export function finalOf(working: Working): Working {
  let at = working
  while (at.into) at = at.into
  return at
}
