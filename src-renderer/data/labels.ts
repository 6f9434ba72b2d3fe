import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ConversationId, ConversationRow, IdentityId, Label, LabelId } from '#shared/model/index.ts'
import { useApp } from '../app/context.ts'

/** Labels and topics of all identities; read again when they change. */
export const labelsKey = ['labels'] as const

export function useLabels() {
  const { engine } = useApp()
  return useQuery({ queryKey: labelsKey, queryFn: () => engine.client.labels.list({ identityId: null }) })
}

/** Labels and topics by their id. */
export function useLabelMap(): ReadonlyMap<LabelId, Label> {
  const { data } = useLabels()
  return useMemo(() => new Map((data ?? []).map((label) => [label.id, label])), [data])
}

/** Those of a row that are known, topics after labels, by name. */
export function labelsOf(row: ConversationRow, known: ReadonlyMap<LabelId, Label>): Label[] {
  const found = row.labels.flatMap((id) => known.get(id) ?? [])
  return found.sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name))
}

/** Identities of some conversations, in the order in which they come. */
export function identitiesOf(rows: readonly ConversationRow[]): IdentityId[] {
  return [...new Set(rows.map((row) => row.identityId))]
}

/** Notes on a conversation. With it they are read again when it changes. */
export function useNotes(id: ConversationId) {
  const { engine } = useApp()
  return useQuery({
    queryKey: ['conversation', id, 'notes'],
    queryFn: ({ signal }) => engine.client.notes.list({ conversationId: id }, { signal }),
    gcTime: 120_000,
  })
}
