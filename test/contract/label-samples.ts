import { type ActId, type ConversationRow, type Label, LabelId, type Note, NoteId } from '#shared/model/index.ts'
import type { Samples } from './samples.ts'

/** Questions and answers of the calls about labels and notes, on one conversation. */
export function labelSamples({ act, row }: { act: ActId; row: ConversationRow }): Pick<Samples, 'labels' | 'notes'> {
  const { identityId, id: conversationId, at } = row
  const label: Label = { id: LabelId.parse('7'), identityId, kind: 'topic', name: 'Pêche 議会', color: 'teal' }
  const note: Note = {
    id: NoteId.parse('8'),
    conversationId,
    identityId,
    versions: [
      { version: 1, by: 'Ada', at, text: 'Call her' },
      { version: 2, by: 'Ada', at, text: null },
    ],
  }
  const noted = { act, note, row }
  return {
    labels: {
      list: { input: { identityId: null }, output: [label] },
      add: { input: { identityId, kind: 'topic', name: 'Pêche', color: 'teal' }, output: label },
      update: { input: { id: label.id, identityId, name: 'Pêche', color: 'red' }, output: label },
      merge: { input: { id: label.id, identityId, into: LabelId.parse('9') }, output: { act, changed: 3 } },
      remove: { input: { id: label.id, identityId }, output: { act, changed: 0 } },
      put: { input: { targets: [{ id: conversationId, identityId }], add: [label.id], remove: [] }, output: { act, changed: 1 } },
    },
    notes: {
      list: { input: { conversationId }, output: [note] },
      add: { input: { conversationId, identityId, by: 'Ada', text: 'Call her' }, output: noted },
      edit: { input: { id: note.id, identityId, by: 'Ada', text: 'Call her now' }, output: noted },
      withdraw: { input: { id: note.id, identityId, by: 'Ada' }, output: noted },
    },
  }
}
