import type { Target } from '#shared/contract/index.ts'
import type {
  ActId,
  ConversationId,
  ConversationRow,
  IdentityId,
  Instant,
  Label,
  LabelColor,
  LabelId,
  LabelKind,
  Note,
  NoteId,
} from '#shared/model/index.ts'
import type { ActResult } from './store.ts'

/** What taking an act back changed. `count`: conversations; with `labels`, labels themselves too, and `changed` is empty. */
export interface Undone {
  changed: ConversationRow[]
  count: number
  labels: boolean
}

/** An act on a label as a whole: so many conversations have other labels now. */
interface LabelResult {
  act: ActId
  changed: number
}

interface NoteResult {
  act: ActId
  note: Note
  row: ConversationRow
}

export interface LabelReads {
  /** Labels and topics of one identity, or of all; by identity, kind and name. */
  labels(identityId: IdentityId | null): Label[]
  /** The newest notes on a conversation with their newest wordings, oldest first. */
  notes(conversationId: ConversationId): Note[]
}

export interface LabelWrites {
  /** @throws `name_taken`, `not_found`, `bad_request` when the identity has too many. */
  addLabel(input: { identityId: IdentityId; kind: LabelKind; name: string; color: LabelColor; at: Instant }): Label
  /** @throws `name_taken`, `not_found`, `voice_mismatch` */
  updateLabel(input: { id: LabelId; identityId: IdentityId; name: string; color: LabelColor; at: Instant }): Label
  /** What has `id` has `into` instead. @throws `label_scheduled`, `not_found`, `voice_mismatch` */
  mergeLabel(input: { id: LabelId; identityId: IdentityId; into: LabelId; at: Instant }): LabelResult
  /** @throws `label_scheduled`, `not_found`, `voice_mismatch` */
  removeLabel(input: { id: LabelId; identityId: IdentityId; at: Instant }): LabelResult
  /** @throws `not_found`, `voice_mismatch` when a label belongs to another identity than a conversation; nothing is changed. */
  putLabels(targets: Target[], add: LabelId[], remove: LabelId[], at: Instant): ActResult
  addNote(input: { conversationId: ConversationId; identityId: IdentityId; by: string; text: string; at: Instant }): NoteResult
  /** Another wording; null withdraws the note. @throws `not_found`, `voice_mismatch` */
  editNote(input: { id: NoteId; identityId: IdentityId; by: string; text: string | null; at: Instant }): NoteResult
}
