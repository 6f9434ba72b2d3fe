import { z } from 'zod'
import { IdentityColor } from './identity.ts'
import { ConversationId, IdentityId, Instant, LabelId, NoteId } from './ids.ts'

/** A label says how the office handles a conversation, a topic what it is about. */
export const LabelKind = z.enum(['label', 'topic'])
export type LabelKind = z.infer<typeof LabelKind>

/** Always shown with its name and the shape of its kind: never told by colour alone. */
export const LabelColor = z.enum(IdentityColor.options)
export type LabelColor = z.infer<typeof LabelColor>

/** One line that says something. */
export const LabelName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^\P{Cc}*$/u)
  .refine((name) => foldLabel(name) !== '')

/** A label or topic of one identity; two of one kind never have names that fold alike. */
export const Label = z.object({
  id: LabelId,
  identityId: IdentityId,
  kind: LabelKind,
  name: LabelName,
  color: LabelColor,
})
export type Label = z.infer<typeof Label>

/** The most labels and topics of one identity: what a person can still choose from. */
export const MOST_LABELS = 1000

/** A name as it is compared: without case, the accents of Latin, Greek and Cyrillic letters, and doubled or outer blanks. */
export function foldLabel(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b-\u200f\u2060\ufeff]+/gu, ' ')
    .trim()
}

/** What a note may say: some pages. */
export const NoteText = z.string().trim().min(1).max(20_000)

/** A wording of a note. Null where it was withdrawn. */
export const NoteVersion = z.object({
  version: z.number().int().positive(),
  by: z.string(),
  at: Instant,
  text: z.string().nullable(),
})
export type NoteVersion = z.infer<typeof NoteVersion>

/** What somebody of the office wrote about a conversation. It is never sent anywhere. */
export const Note = z.object({
  id: NoteId,
  conversationId: ConversationId,
  identityId: IdentityId,
  /** Every wording, oldest first; the last one counts. */
  versions: z.array(NoteVersion).min(1),
})
export type Note = z.infer<typeof Note>
