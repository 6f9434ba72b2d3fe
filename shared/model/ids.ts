import { z } from 'zod'

/**
 * Opaque ids. On every boundary an id is a decimal string; only the store turns it into a number.
 * Message and conversation sort keys are time-ordered (see `docs/decisions/ids.md`), so a larger id is a later message.
 */
const id = <Brand extends string>() =>
  z
    .string()
    .regex(/^[0-9]{1,16}$/)
    .brand<Brand>()

export const IdentityId = id<'IdentityId'>()
export type IdentityId = z.infer<typeof IdentityId>
export const AccountId = id<'AccountId'>()
export type AccountId = z.infer<typeof AccountId>
export const ConversationId = id<'ConversationId'>()
export type ConversationId = z.infer<typeof ConversationId>
export const MessageId = id<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>
export const PersonId = id<'PersonId'>()
export type PersonId = z.infer<typeof PersonId>
/** A position in a list ordered newest first: the time-ordered key of the row (decimal string). */
export const SortKey = id<'SortKey'>()
export type SortKey = z.infer<typeof SortKey>
export const LabelId = id<'LabelId'>()
export type LabelId = z.infer<typeof LabelId>
export const NoteId = id<'NoteId'>()
export type NoteId = z.infer<typeof NoteId>
/** One thing to be sent or done on a network. */
export const OutboxId = id<'OutboxId'>()
export type OutboxId = z.infer<typeof OutboxId>
export const DraftId = id<'DraftId'>()
export type DraftId = z.infer<typeof DraftId>
/** One triage act, kept so that it can be undone. */
export const ActId = id<'ActId'>()
export type ActId = z.infer<typeof ActId>
/** A long-running job (import, sample, backup). Unique within one run of the engine. */
export const JobId = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .brand<'JobId'>()
export type JobId = z.infer<typeof JobId>

/** ISO 8601 in UTC with milliseconds, e.g. `2026-01-31T09:30:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3 })
export type Instant = z.infer<typeof Instant>
