import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  ActId,
  ConversationId,
  ConversationRow,
  IdentityId,
  Label,
  LabelColor,
  LabelId,
  LabelKind,
  LabelName,
  Note,
  NoteId,
  NoteText,
} from '../model/index.ts'

const label = z.object({ id: LabelId, identityId: IdentityId })
/** Conversations of one identity; the labels are of it too. */
const targets = z
  .array(z.object({ id: ConversationId, identityId: IdentityId }))
  .min(1)
  .max(5000)
const several = z.array(LabelId).max(100)

/** What was done to labels; `act` takes it back. `changed`: conversations that have other labels now. */
const LabelActed = z.object({ act: ActId, changed: z.number().int().nonnegative() })

/** Calls about labels and topics. What is done to conversations, and to labels that have some, can be undone. */
export const labelContract = {
  /** Those of one identity, or of all; by identity, kind and name. */
  list: oc.input(z.object({ identityId: IdentityId.nullable() })).output(z.array(Label)),
  /** @throws `name_taken` when a label (or topic) of the identity has that name. */
  add: oc.input(z.object({ identityId: IdentityId, kind: LabelKind, name: LabelName, color: LabelColor })).output(Label),
  update: oc.input(label.extend({ name: LabelName, color: LabelColor })).output(Label),
  /** Gives what has the one the other, and removes the one. Both of one identity; kinds may differ. @throws `label_scheduled` */
  merge: oc.input(label.extend({ into: LabelId })).output(LabelActed),
  /** Takes it off everything, and removes it. @throws `label_scheduled` while a schedule names it. */
  remove: oc.input(label).output(LabelActed),
  /** Puts labels on conversations and takes others off. */
  put: oc.input(z.object({ targets, add: several, remove: several })).output(LabelActed),
}

/** Who writes, by the name they go by in the office. */
const by = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u)
const note = z.object({ id: NoteId, identityId: IdentityId, by })

/** A note as it is now, with its conversation; `act` takes the change back. */
export const NoteActed = z.object({ act: ActId, note: Note, row: ConversationRow })
export type NoteActed = z.infer<typeof NoteActed>

/** Calls about notes on conversations. They stay in the office; every wording is kept until the conversation is disposed of. */
export const noteContract = {
  /** The newest 500 of a conversation, oldest first, withdrawn ones too. */
  list: oc.input(z.object({ conversationId: ConversationId })).output(z.array(Note)),
  add: oc.input(z.object({ conversationId: ConversationId, identityId: IdentityId, by, text: NoteText })).output(NoteActed),
  edit: oc.input(note.extend({ text: NoteText })).output(NoteActed),
  withdraw: oc.input(note).output(NoteActed),
}
