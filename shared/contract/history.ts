import { z } from 'zod'
import { AccountId, IdentityId, Instant, MessageId } from '../model/index.ts'

const count = z.number().int().nonnegative()

/** What can be said of a record (docs/formats.md, "The four statements"), and why. */
export const RecordStatement = z.object({
  answer: z.enum(['yes', 'no', 'cannot_say']),
  reason: z.enum([
    'committed',
    'proved',
    'timestamp',
    'every_entry',
    'manifest',
    'entry',
    'bytes',
    'media',
    'not_in_ledger',
    'no_checkpoint',
    'imported',
    'redacted',
    'no_timestamp',
    'bad_timestamp',
    'gap',
    'entries_left_out',
    'no_records',
    /** No checkpoint covers it yet: the next one does. */
    'not_signed',
  ]),
})
export type RecordStatement = z.infer<typeof RecordStatement>

/** One captured version of a message. */
export const RecordVersion = z.object({
  version: z.number().int().positive(),
  /** Number of its entry in the ledger. */
  seq: count,
  accountId: AccountId,
  /** By the office's clock. */
  capturedAt: Instant,
  /** How far that clock was ahead of the server's, in ms; null where the server did not tell its time. */
  clockOffsetMs: z.number().int().nullable(),
  /** Where it was asked for, or the file it came out of. */
  endpoint: z.string(),
  origin: z.enum(['sync', 'file']),
  mediaType: z.string(),
  /** Of the network's own bytes. */
  size: count,
  /** Of the same, as they were captured; hex. */
  sha256: z.string(),
  /** What stood above the text, where the network lets that be changed; else null. */
  subject: z.string().nullable(),
  /** As a person read it; null when the bytes cannot be read. Long texts are cut, and `cut` says so. */
  text: z.string().nullable(),
  cut: z.boolean(),
  received: RecordStatement,
  unchanged: RecordStatement,
  notLater: RecordStatement,
})
export type RecordVersion = z.infer<typeof RecordVersion>

/** It was deleted on its network between the two; `lastSeen` is null where that is not known. */
export const DeletionWindow = z.object({ foundAt: Instant, lastSeen: Instant.nullable() })
export type DeletionWindow = z.infer<typeof DeletionWindow>

/** Everything the office knows of how a message came and what became of it. */
export const MessageHistory = z.object({
  messageId: MessageId,
  identityId: IdentityId,
  /** Oldest first. */
  versions: z.array(RecordVersion),
  /** Versions before these that were left out. */
  older: count,
  /** Only while it is gone: a message that came back is as any other. */
  deletion: DeletionWindow.nullable(),
  /** Nothing is missing from the ledger between the first and the last of the versions. */
  complete: RecordStatement,
  /** The newest signed head of the ledger; null before the first. */
  checkpoint: z
    .object({
      size: count,
      madeAt: Instant,
      timestamped: z.boolean(),
      /** The time that an authority outside vouches for, and its name; null where there is none that holds. */
      stampedAt: Instant.nullable(),
      stampedBy: z.string().nullable(),
    })
    .nullable(),
})
export type MessageHistory = z.infer<typeof MessageHistory>
