import type { AccountId, Draft, DraftId, DraftWords, IdentityId, Instant, MessageId } from '#shared/model/index.ts'

export interface DraftReads {
  /** Drafts of one identity, or of all; the one saved last first. */
  drafts(identityId: IdentityId | null): Draft[]
  draft(id: DraftId): Draft | null
}

export interface NewDraft {
  identityId: IdentityId
  accountId: AccountId
  target: MessageId | null
  words: DraftWords
  by: string
  at: Instant
}

export interface DraftWrites {
  /** @throws `not_found`, `voice_mismatch` for an account or a message of another identity or account; `bad_request` when there are too many. */
  addDraft(input: NewDraft): Draft
  /** @throws `not_found`, `voice_mismatch`; `draft_changed` when it was saved since `version`. */
  saveDraft(input: { id: DraftId; identityId: IdentityId; version: number; words: DraftWords; by: string; at: Instant }): Draft
  /** @returns it as it was. @throws `not_found`, `voice_mismatch` */
  discardDraft(input: { id: DraftId; identityId: IdentityId }): Draft
}
