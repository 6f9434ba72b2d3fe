import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Ports } from '#ports/index.ts'
import {
  type AccountId,
  type DraftId,
  type IdentityId,
  type Instant,
  type MessageId,
  type OutboxId,
  type OutboxItem,
  type OutgoingContent,
  type OutgoingMedia,
  ProblemError,
  type SendLimits,
} from '#shared/model/index.ts'
import { fits } from '#shared/text/index.ts'
import type { Store } from '#store/store.ts'
import type { Accounts } from '../accounts.ts'
import type { Calendars } from '../calendar.ts'
import type { Changes } from '../changes.ts'
import { Rounds } from '../rounds.ts'
import { UNDO_MS } from './decide.ts'
import { Lane } from './lane.ts'
import { SETTLE_MS } from './outcome.ts'
import { Uploads } from './uploads.ts'

/** Files that were attached and never sent are let go after this. */
const KEEP_ATTACHED_MS = 7 * 24 * 60 * 60_000
const TIDY_EVERY_MS = 6 * 60 * 60_000
/** The longest that a run on a person's word waits for the next try. */
const RUN_WAITS_MS = 60_000

export interface OutboxOptions {
  store: Store
  ports: Ports
  changes: Changes
  accounts: Accounts
  calendars: Calendars
  random: () => number
}

export interface ToQueue {
  identityId: IdentityId
  accountId: AccountId
  content: OutgoingContent
  target: MessageId | null
  quote: MessageId | null
  after: OutboxId | null
  leaves: OutboxItem['leaves']
  /** What it was written as. */
  draft?: DraftId | null
  by: string
  /** Not before; null: after the time to think again. */
  at: Instant | null
}

type ItemCall = { id: OutboxId; identityId: IdentityId; by: string }

/** What a run on a person's word came to. */
export interface Ran {
  sent: number
  failed: number
  /** Items that have not ended. */
  left: number
}

/**
 * What is on its way to networks. What a person wants sent is stored first, and each item's state before anything is done; a kill at any
 * instruction neither loses nor doubles it.
 */
export class Outbox {
  private readonly options: OutboxOptions
  /** Files that windows hand over piece by piece. */
  readonly uploads: Uploads
  private readonly lanes = new Map<AccountId, Lane>()
  private readonly tidy: Rounds
  private recovered: Promise<unknown> | null = null
  private begun = false
  private stopped = false

  constructor(options: OutboxOptions) {
    this.options = options
    const { store, ports } = options
    this.uploads = new Uploads(ports.clock, (identityId, file) => this.attach(identityId, file))
    this.tidy = new Rounds(ports, TIDY_EVERY_MS, 'outbox.tidy_failed', () =>
      store.write.dropAttached(new Date(ports.clock.now() - KEEP_ATTACHED_MS).toISOString()),
    )
  }

  /** Sends by itself from now on. */
  async start(): Promise<void> {
    this.begun = true
    this.tidy.start()
    await this.recover()
    for (const id of await this.options.store.read.outboxAccounts()) this.go(id)
  }

  /** To be called while accounts let go of their connections: what is under way ends with them. */
  async stop(): Promise<void> {
    this.stopped = true
    this.uploads.close()
    await Promise.all([this.tidy.stop(), ...[...this.lanes.values()].map((lane) => lane.stop())])
  }

  /** What was found being sent at the start may or may not have been: the network has a moment to put it away, and is asked. */
  private recover(): Promise<unknown> {
    const at = new Date(this.options.ports.clock.now() + SETTLE_MS).toISOString()
    this.recovered ??= this.options.store.write.recoverItems(at)
    return this.recovered
  }

  /**
   * @throws `not_found`, `voice_mismatch`, `send_...` why the account cannot send it, `calendar_frozen...` where the identity may not publish
   *   it at its time; then nothing is queued.
   */
  async queue(input: ToQueue): Promise<OutboxItem> {
    const { store, ports } = this.options
    const { accountId, identityId, at: scheduled, ...rest } = input
    const limits = await this.limits(accountId, identityId)
    const problem = fits(input.content, limits, input.quote !== null)
    if (problem) throw new ProblemError(problem.code, problem.params)
    const now = ports.clock.now()
    const at = new Date(now).toISOString()
    const notBefore = scheduled ?? new Date(now + UNDO_MS).toISOString()
    const leaves = new Date(Math.max(now, Date.parse(notBefore))).toISOString()
    await this.mustBeFree(identityId, input.content, leaves)
    const item = await store.write.queueItem({ ...rest, accountId, identityId, at, notBefore })
    this.changed(accountId)
    return item
  }

  /** What an account may send; null where its server has not said it yet. @throws `send_not_offered`, `not_found`, `voice_mismatch` */
  async limits(accountId: AccountId, identityId: IdentityId): Promise<SendLimits | null> {
    const { accounts, store } = this.options
    if (!accounts.canSend(accountId, identityId)) throw new ProblemError('send_not_offered', { what: 'send' })
    return store.read.sendLimits(accountId)
  }

  /** Takes back what was not begun, and what continues it. @throws `outbox_state`, `not_found`, `voice_mismatch` */
  cancel(input: ItemCall): Promise<OutboxItem> {
    return this.act((at) => this.options.store.write.cancelItem({ ...input, at }))
  }

  /** Has what failed sent again, or what waits tried at once. @throws as `cancel`. */
  retry(input: ItemCall): Promise<OutboxItem> {
    return this.act((at) => this.options.store.write.retryItem({ ...input, at }))
  }

  /** Sends what waited too long, or was kept back, after all. @throws as `cancel`; `calendar_frozen...` while the calendar forbids it. */
  async confirm(input: ItemCall): Promise<OutboxItem> {
    const { ports, store } = this.options
    const { content, identityId } = await store.read.outboxItem(input.id, input.identityId)
    await this.mustBeFree(identityId, content, new Date(ports.clock.now()).toISOString())
    return this.act((at) => this.options.store.write.confirmItem({ ...input, at }))
  }

  /** A person has looked whether the network has it. @throws as `cancel`. */
  judge(input: ItemCall & { outcome: 'sent' | 'again' }): Promise<OutboxItem> {
    return this.act((at) => this.options.store.write.judgeItem({ ...input, at }))
  }

  /** Puts a file into the office to be sent. @throws `disk_full`, `read_only`, `not_found`; what reading `bytes` throws. */
  async attach(
    identityId: IdentityId,
    file: { name: string; mediaType: string; bytes: AsyncIterable<Uint8Array> },
  ): Promise<OutgoingMedia> {
    const { store, ports } = this.options
    const kept = await store.keep(identityId, file.bytes)
    try {
      await store.write.attachFile(identityId, kept, new Date(ports.clock.now()).toISOString())
    } catch (error) {
      if (kept.file !== null) store.drop(kept.file)
      throw error
    }
    const { sha256, size } = kept
    return { sha256, size, name: file.name, mediaType: file.mediaType, alt: '' }
  }

  /** The same with a file of this computer. @throws `file_unreadable` besides. */
  async attachPath(identityId: IdentityId, path: string, mediaType: string): Promise<OutgoingMedia> {
    return this.attach(identityId, { name: basename(path), mediaType, bytes: piecesOf(path) })
  }

  /** Sends what is due now, and waits for it: where nothing is sent by itself. */
  async run(accountId: AccountId | null, signal?: AbortSignal): Promise<Ran> {
    const { store } = this.options
    await this.recover()
    const ids = accountId === null ? await store.read.outboxAccounts() : [accountId]
    const before = await this.count(ids)
    await Promise.all(ids.map((id) => this.runLane(id, signal)))
    const after = await this.count(ids)
    return { sent: after.sent - before.sent, failed: after.failed - before.failed, left: after.left }
  }

  private async runLane(id: AccountId, signal?: AbortSignal): Promise<void> {
    const { clock } = this.options.ports
    const lane = this.lane(id)
    while (!this.stopped && !signal?.aborted) {
      const until = await lane.step()
      if (until === null || until - clock.now() > RUN_WAITS_MS) return
      await clock.sleep(Math.max(0, until - clock.now()), signal)
    }
  }

  private async count(ids: AccountId[]): Promise<Ran> {
    const counts = await Promise.all(ids.map((id) => this.options.store.read.outboxCounts(id)))
    const sum = (name: keyof Ran) => counts.reduce((all, one) => all + one[name], 0)
    return { sent: sum('sent'), failed: sum('failed'), left: sum('left') }
  }

  /** An account is, or is not, on its network. */
  accountChanged(id: AccountId): void {
    this.lanes.get(id)?.nudge()
  }

  /** The clock moved, or the machine was asleep. */
  clockMoved(): void {
    for (const lane of this.lanes.values()) lane.nudge()
  }

  /** @throws `calendar_frozen`, `calendar_frozen_open` */
  private async mustBeFree(identityId: IdentityId, content: OutgoingContent, at: Instant): Promise<void> {
    const problem = await this.options.calendars.mayPublish(identityId, content, at)
    if (problem) throw new ProblemError(problem.code, problem.params)
  }

  private async act(write: (at: Instant) => Promise<OutboxItem>): Promise<OutboxItem> {
    await this.recover()
    const item = await write(new Date(this.options.ports.clock.now()).toISOString())
    this.changed(item.accountId)
    return item
  }

  private changed(id: AccountId): void {
    this.options.changes.publish({ kind: 'outbox' })
    this.go(id)
  }

  private go(id: AccountId): void {
    if (!this.begun || this.stopped) return
    this.lane(id).start(() => this.lanes.delete(id))
  }

  private lane(id: AccountId): Lane {
    const known = this.lanes.get(id)
    if (known) return known
    const { store, ports, changes, accounts, calendars, random } = this.options
    const account = accounts.sending(id)
    const lane = new Lane({ store, ports, changes, accountId: id, account, calendars, random })
    this.lanes.set(id, lane)
    return lane
  }
}

/** @throws `file_unreadable` */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new ProblemError('file_unreadable', { path, detail }, { cause: error })
  }
}
