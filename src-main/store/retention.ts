import type { Disposal, DisposalItem, Due, Hold, HoldOn, Schedule } from '#shared/contract/index.ts'
import type { IdentityId, Instant, MessageId } from '#shared/model/index.ts'

/** Who does something for an identity, and when. */
interface Doing {
  identityId: IdentityId
  by: string
  at: Instant
}

/** What a certificate is made of, once a disposal has removed everything. */
export interface Removed {
  disposal: Disposal
  /** Numbers of the entries whose content is gone, ascending. */
  entries: number[]
  /** Entries whose content a hold kept. */
  kept: { hold: string; entries: number[] }[]
  /** Backups that were made before, oldest first. */
  backups: { file: string; madeAt: Instant }[]
}

export interface RetentionReads {
  holds(identityId: IdentityId, lifted: boolean): Hold[]
  schedules(identityId: IdentityId): Schedule[]
  /** What a disposal by the schedules would name now. */
  disposable(identityId: IdentityId, now: Instant): Due
  disposals(identityId: IdentityId): Disposal[]
  /** @throws `not_found`; `voice_mismatch` when it belongs to another identity. */
  disposal(identityId: IdentityId, id: string): Disposal
  disposalItems(identityId: IdentityId, id: string, after: MessageId | null, limit: number): DisposalItem[]
  certificate(identityId: IdentityId, id: string): string | null
  /** Disposals whose time has come, or that were begun. */
  disposalsDue(now: Instant): { id: string; identityId: IdentityId }[]
  removed(identityId: IdentityId, id: string): Removed
}

export interface RetentionWrites {
  setHold(input: Doing & { on: HoldOn; reason: string }): Hold
  liftHold(input: Doing & { id: string; reason: string }): Hold
  setSchedule(input: Doing & Pick<Schedule, 'network' | 'kind' | 'labelId' | 'days'>): Schedule
  clearSchedule(input: Doing & { id: string }): void
  /** With a handle: everything by that person; else what the schedules say. @throws `disposal_nothing` */
  proposeDisposal(input: Doing & { handle: string | null; reason: string; dueAt: Instant }): Disposal
  /** @throws `disposal_same_person`, `disposal_closed` */
  approveDisposal(input: Doing & { id: string }): Disposal
  withdrawDisposal(input: Doing & { id: string }): Disposal
  /** Removes the next messages. @returns whether there are more. @throws `disposal_not_due`, `disposal_closed` */
  disposeStep(id: string, at: Instant, limit: number): boolean
  /** Removes what is left beside the messages. */
  disposeRest(id: string): void
  /** Takes removed words out of the search index. @returns whether there is more to do. */
  disposeWords(): boolean
  /** Closes a disposal with its certificate and says so in the ledger. `hash` in hex. */
  finishDisposal(input: { identityId: IdentityId; id: string; at: Instant; certificate: string; hash: string }): Disposal
  noteBackup(file: string, at: Instant): void
}
