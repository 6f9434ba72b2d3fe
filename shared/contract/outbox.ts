import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  AccountId,
  DraftId,
  IdentityId,
  Instant,
  MessageId,
  Metrics,
  OutboxId,
  OutboxItem,
  OutboxState,
  OutgoingContent,
  OutgoingMedia,
  Profile,
  SendLimits,
} from '../model/index.ts'

/** Who wants it sent, by the name they go by in the office. */
const by = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u)
const item = z.object({ id: OutboxId, identityId: IdentityId })
const act = item.extend({ by })
const media = OutgoingMedia.shape

/** Calls about what is on its way to networks. Each names the identity; what belongs to another one is refused (`voice_mismatch`). */
export const outboxContract = {
  /**
   * Stores something to be sent, exactly as it is here. It can be taken back until it is begun: 10 s after this, or at the time that is given.
   * @throws `send_...` for what the account's server would not take, `outbox_file_missing`, `not_found`, `voice_mismatch`.
   */
  queue: oc
    .input(
      z.object({
        identityId: IdentityId,
        accountId: AccountId,
        content: OutgoingContent,
        /** What it answers, edits, deletes or acts on. */
        target: MessageId.nullable().default(null),
        quote: MessageId.nullable().default(null),
        /** The item that it continues, and that must be sent before: a thread. */
        after: OutboxId.nullable().default(null),
        leaves: OutboxItem.shape.leaves.default('waiting'),
        by,
        /** What it was written as: no draft any more, from the same moment. */
        draft: DraftId.nullable().default(null),
        /** Not before; null: after the time to think again. */
        at: Instant.nullable().default(null),
      }),
    )
    .output(OutboxItem),
  /** Newest first. Null: of all. `next` asks `before` for the older ones. */
  list: oc
    .input(
      z.object({
        identityId: IdentityId.nullable(),
        accountId: AccountId.nullable().default(null),
        states: z.array(OutboxState).max(6).nullable().default(null),
        before: OutboxId.nullable().default(null),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(z.object({ items: z.array(OutboxItem), next: OutboxId.nullable() })),
  get: oc.input(item).output(OutboxItem),
  /** Takes back what was not begun, and what continues it. @throws `outbox_state` */
  cancel: oc.input(act).output(OutboxItem),
  /** Has what failed sent again, and what waits tried at once. @throws `outbox_state` */
  retry: oc.input(act).output(OutboxItem),
  /** Says again that what waited too long is to be sent. @throws `outbox_state` */
  confirm: oc.input(act).output(OutboxItem),
  /** A person has looked whether the network has it. @throws `outbox_state` unless its outcome is not known. */
  settle: oc.input(act.extend({ outcome: z.enum(['sent', 'again']) })).output(OutboxItem),
  /**
   * Puts a file into the office, to be named by what is sent, in pieces of at most 1 MB: `upload` of the first answer names it in the calls
   * with the others. Kept for a week where nothing names it. @returns the file with its `last` piece.
   */
  attach: oc
    .input(
      z.object({
        identityId: IdentityId,
        name: media.name,
        mediaType: media.mediaType,
        upload: z.string().max(64).nullable(),
        /** Base64. */
        bytes: z.base64().max(1_400_000),
        last: z.boolean(),
      }),
    )
    .output(z.object({ upload: z.string(), media: OutgoingMedia.nullable() })),
  /** The same with a file of the computer that the program runs on. @throws `file_unreadable` */
  attachPath: oc
    .input(z.object({ identityId: IdentityId, path: z.string().min(1).max(4096), mediaType: media.mediaType }))
    .output(OutgoingMedia),
  /** What an account may send, as its server says; null before it said so. @throws `send_not_offered` */
  limits: oc
    .input(z.object({ identityId: IdentityId, accountId: AccountId }))
    .output(z.object({ limits: SendLimits.nullable() })),
  /** Sends what is due now and waits for it, as far as the network goes along. */
  run: oc
    .input(z.object({ accountId: AccountId.nullable() }))
    .output(z.object({ sent: z.number().int(), failed: z.number().int(), left: z.number().int() })),
}

/** Who is behind a handle: the newest snapshot first. `seenAt`: when that was last found to be so. */
export const Portrait = z.object({ profile: Profile, seenAt: Instant })
export type Portrait = z.infer<typeof Portrait>

/** Calls about people. */
export const peopleContract = {
  /** Snapshots of who is behind a handle. With `ask` the network is asked now, where it tells. @throws what asking can meet. */
  profile: oc
    .input(
      z.object({
        identityId: IdentityId,
        accountId: AccountId,
        handle: z.string().trim().min(1).max(320),
        ask: z.boolean().default(false),
      }),
    )
    .output(z.array(Portrait)),
}

/** Figures as a network said them, oldest first. */
export const messageMetrics = oc.input(z.object({ id: MessageId })).output(z.array(Metrics))
export const accountMetrics = oc.input(z.object({ id: AccountId, identityId: IdentityId })).output(z.array(Metrics))
