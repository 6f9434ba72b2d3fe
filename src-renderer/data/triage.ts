import type { QueryClient } from '@tanstack/react-query'
import type { Client } from '#shared/contract/client.ts'
import type { Acted, Target } from '#shared/contract/index.ts'
import type { ActId, ConversationRow, ConversationState, Instant, LabelId } from '#shared/model/index.ts'
import type { MessageKey } from '../i18n/catalog.ts'
import { toProblem } from './faults.ts'
import type { Inbox } from './inbox.ts'
import type { Notices } from './notices.ts'
import { patchConversations } from './queries.ts'

interface Done {
  act: ActId
  notice: number
}

const stateText: Record<ConversationState, MessageKey> = {
  done: 'act.done',
  waiting: 'act.waiting',
  needs_reply: 'act.needsReply',
}

/** What a person does to conversations: shown at once, stored by the engine, taken back when it refuses. */
export class Triage {
  private readonly client: () => Client
  private readonly inbox: Inbox
  private readonly queries: QueryClient
  private readonly notices: Notices
  private readonly undoable: Done[] = []
  /** Acts that are shown and not stored yet, so that Undo cannot take back the one before instead. */
  private readonly storing = new Set<Promise<void>>()
  /** Whether the cursor goes on by itself after an act: not while a search is what is worked through. */
  private readonly advances: () => boolean

  constructor(client: () => Client, inbox: Inbox, queries: QueryClient, notices: Notices, advances: () => boolean) {
    this.client = client
    this.advances = advances
    this.inbox = inbox
    this.queries = queries
    this.notices = notices
  }

  setState(rows: readonly ConversationRow[], state: ConversationState): Promise<void> {
    const changed = rows.map((row) => ({ ...row, state, snoozedUntil: null }))
    return this.act(rows, changed, stateText[state], state === 'done', (targets) =>
      this.client().conversations.setState({ targets, state }),
    )
  }

  /** Hides conversations until a time, or with null brings them back. */
  snooze(rows: readonly ConversationRow[], until: Instant | null): Promise<void> {
    const changed = rows.map((row) => ({ ...row, snoozedUntil: until }))
    const text = until === null ? 'act.unsnoozed' : 'act.snoozed'
    return this.act(rows, changed, text, true, (targets) => this.client().conversations.snooze({ targets, until }))
  }

  setRead(rows: readonly ConversationRow[], read: boolean): Promise<void> {
    const changed = rows.map((row) => ({ ...row, unread: read ? 0 : Math.max(1, row.unread) }))
    const text = read ? 'act.read' : 'act.unread'
    return this.act(rows, changed, text, false, (targets) => this.client().conversations.setRead({ targets, read }))
  }

  /** Puts a label or topic on conversations, or takes it off; all of one identity. `name` is for telling. */
  putLabel(rows: readonly ConversationRow[], id: LabelId, on: boolean, name: string): Promise<void> {
    const changed = rows.map((row) => {
      const others = row.labels.filter((label) => label !== id)
      return { ...row, labels: on ? [...others, id] : others }
    })
    const [add, remove] = on ? [[id], []] : [[], [id]]
    const call = (targets: Target[]) => this.client().labels.put({ targets, add, remove })
    return this.act(rows, changed, on ? 'label.wasPut' : 'label.wasTaken', false, call, { name })
  }

  /** Something was done elsewhere that Undo takes back too. */
  did(act: ActId, text: MessageKey, values: Record<string, string | number> = {}): void {
    const done: Done = { act, notice: 0 }
    this.undoable.push(done)
    done.notice = this.notices.tell(text, values, () => void this.takeBack(done))
  }

  /** A conversation was opened and looked at. Says nothing and is not what Undo takes back. */
  async markSeen(row: ConversationRow): Promise<void> {
    if (row.unread === 0) return
    const seen = { ...row, unread: 0 }
    this.put([seen])
    try {
      await this.client().conversations.setRead({ targets: targetsOf([row]), read: true })
    } catch (error) {
      this.put([row])
      this.notices.fail(toProblem(error))
    }
  }

  /** Takes the last act back; waits for what is still being stored. */
  async undo(): Promise<void> {
    await Promise.all(this.storing)
    const last = this.undoable.pop()
    if (!last) {
      this.notices.tell('act.nothingToUndo')
      return
    }
    await this.takeBack(last)
  }

  private async takeBack(done: Done): Promise<void> {
    const at = this.undoable.indexOf(done)
    if (at >= 0) this.undoable.splice(at, 1)
    this.notices.dismiss(done.notice)
    try {
      const { changed } = await this.client().conversations.undo({ act: done.act })
      this.notices.tell('act.undone', { count: changed })
    } catch (error) {
      this.notices.fail(toProblem(error))
    }
  }

  private async act(
    before: readonly ConversationRow[],
    after: readonly ConversationRow[],
    text: MessageKey,
    advance: boolean,
    call: (targets: Target[]) => Promise<Acted>,
    values: Record<string, string> = {},
  ): Promise<void> {
    if (before.length === 0) return
    const index = this.inbox.cursorIndex()
    const cursor = this.inbox.place.get().cursor
    this.put(after)
    this.inbox.pickNone()
    if (this.advances() && cursor && index >= 0 && before.some((row) => row.id === cursor.id)) {
      const left = this.inbox.list.indexOf(cursor.id) < 0
      if (left) void this.inbox.moveTo(index)
      else if (advance) void this.inbox.moveTo(index + 1)
    }
    const stored = call(targetsOf(before)).then(
      ({ act }) => this.did(act, text, { ...values, count: before.length }),
      (error: unknown) => {
        this.put(before)
        this.notices.fail(toProblem(error))
      },
    )
    this.storing.add(stored)
    await stored
    this.storing.delete(stored)
  }

  private put(rows: readonly ConversationRow[]): void {
    this.inbox.take([], rows, false)
    patchConversations(this.queries, rows)
  }
}

const targetsOf = (rows: readonly ConversationRow[]): Target[] => rows.map(({ id, identityId }) => ({ id, identityId }))
