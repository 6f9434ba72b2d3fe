import type { Target } from '#shared/contract/index.ts'
import {
  type ActId,
  foldLabel,
  type IdentityId,
  type Instant,
  type Label,
  type LabelId,
  MOST_LABELS,
  ProblemError,
} from '#shared/model/index.ts'
import type { WriteDb } from '../handle.ts'
import type { LabelWrites, Undone } from '../labels.ts'
import { type LabelRecord, labelOf, toLabel } from '../read/labels.ts'
import type { ActResult } from '../store.ts'
import { enter, keep, load, save } from './acts.ts'
import { putLabel, takeLabel } from './marks.ts'
import { enterPolicy, identityOf, lastId } from './policy.ts'
import { Working } from './working.ts'

type Input<Name extends keyof LabelWrites> = Parameters<LabelWrites[Name]>[0]

/** What an act on labels changed, so that it can be undone. Names nothing that the network sent. */
export type LabelUndo =
  | { kind: 'label'; added: Mark[]; removed: Mark[] }
  | { kind: 'label.removed'; label: LabelRecord; conversations: number[] }
  | { kind: 'label.merged'; label: LabelRecord; conversations: number[]; into: number; gained: number[] }
/** A label and a conversation. */
type Mark = [label: number, conversation: number]

export function isLabelUndo(undo: { kind: string }): undo is LabelUndo {
  return undo.kind === 'label' || undo.kind.startsWith('label.')
}

/** @throws `name_taken` when another one of its kind and identity has that name. */
function checkName(db: WriteDb, label: Omit<LabelRecord, 'name' | 'color'>, name: string): void {
  const other = db.value<string>(
    'SELECT name FROM label WHERE identity_id = ? AND kind = ? AND folded = ? AND id <> ?',
    label.identity_id,
    label.kind,
    label.folded,
    label.id,
  )
  if (other !== undefined) throw new ProblemError('name_taken', { name: name === other ? name : other })
}

function insert(db: WriteDb, label: Omit<LabelRecord, 'id'> & { id: number | null }): void {
  checkName(db, { ...label, id: label.id ?? 0 }, label.name)
  db.run(
    'INSERT INTO label (id, identity_id, kind, name, folded, color) VALUES (?, ?, ?, ?, ?, ?)',
    label.id,
    label.identity_id,
    label.kind,
    label.name,
    label.folded,
    label.color,
  )
}

/** Says in the ledger what a label is or was called: entries about conversations name it by number. */
function enterLabel(
  db: WriteDb,
  label: LabelRecord,
  at: Instant,
  action: 'added' | 'changed' | 'removed' | 'merged' | 'restored',
  into: number | null = null,
): void {
  const { id, kind, name, color } = label
  const said = { action, color, into: into === null ? null : String(into), kind, label: String(id), name }
  enterPolicy(db, label.identity_id, { at, by: 'person', what: 'label' }, said)
}

export function addLabel(db: WriteDb, { identityId, kind, name, color, at }: Input<'addLabel'>): Label {
  const identity_id = identityOf(db, identityId)
  const there = db.value<number>('SELECT count(*) FROM label WHERE identity_id = ?', identity_id) ?? 0
  if (there >= MOST_LABELS) throw new ProblemError('bad_request', { detail: `an identity has ${MOST_LABELS} labels at most` })
  const label = { identity_id, kind, name, folded: foldLabel(name), color }
  insert(db, { ...label, id: null })
  const made = { ...label, id: lastId(db) }
  enterLabel(db, made, at, 'added')
  return toLabel(made)
}

export function updateLabel(db: WriteDb, { id, identityId, name, color, at }: Input<'updateLabel'>): Label {
  const label = { ...labelOf(db, id, identityId), name, folded: foldLabel(name), color }
  checkName(db, label, name)
  db.run('UPDATE label SET name = ?, folded = ?, color = ? WHERE id = ?', name, label.folded, color, label.id)
  enterLabel(db, label, at, 'changed')
  return toLabel(label)
}

/** Takes a label off everything and removes it. @returns the conversations that had it. @throws `label_scheduled` */
function drop(db: WriteDb, label: LabelRecord): number[] {
  if (db.value('SELECT 1 FROM schedule WHERE label_id = ?', label.id) === 1)
    throw new ProblemError('label_scheduled', { name: label.name })
  const had = db.column<number>('SELECT conversation_id FROM conversation_label WHERE label_id = ?', label.id)
  db.run('DELETE FROM conversation_label WHERE label_id = ?', label.id)
  db.run('DELETE FROM label WHERE id = ?', label.id)
  return had
}

export function removeLabel(db: WriteDb, { id, identityId, at }: Input<'removeLabel'>): { act: ActId; changed: number } {
  const label = labelOf(db, id, identityId)
  const conversations = drop(db, label)
  enterLabel(db, label, at, 'removed')
  return { act: keep<LabelUndo>(db, { kind: 'label.removed', label, conversations }, at), changed: conversations.length }
}

export function mergeLabel(db: WriteDb, { id, identityId, into, at }: Input<'mergeLabel'>): { act: ActId; changed: number } {
  const label = labelOf(db, id, identityId)
  const target = labelOf(db, into, identityId)
  if (label.id === target.id) throw new ProblemError('bad_request', { detail: 'a label is not merged with itself' })
  const conversations = drop(db, label)
  const gained = conversations.filter((conversation) => putLabel(db, target.id, conversation))
  enterLabel(db, label, at, 'merged', target.id)
  const undo: LabelUndo = { kind: 'label.merged', label, conversations, into: target.id, gained }
  return { act: keep(db, undo, at), changed: conversations.length }
}

/** Labels that an act names, checked against the identities of what it is about. */
function named(db: WriteDb, targets: Target[], ids: LabelId[]): number[] {
  const identities = new Set<IdentityId>(targets.map((target) => target.identityId))
  return [...new Set(ids)].flatMap((id) => [...identities].map((identity) => labelOf(db, id, identity).id))
}

export function putLabels(db: WriteDb, targets: Target[], add: LabelId[], remove: LabelId[], at: Instant): ActResult {
  const conversations = load(db, targets)
  const [putting, taking] = [named(db, targets, add), named(db, targets, remove)]
  const undo = { kind: 'label', added: [] as Mark[], removed: [] as Mark[] } satisfies LabelUndo
  const change = (labels: number[], sign: '+' | '-') => {
    const [act, done] = sign === '+' ? ([putLabel, undo.added] as const) : ([takeLabel, undo.removed] as const)
    for (const label of labels) {
      const hit = conversations.filter((conversation) => act(db, label, conversation.now.id))
      for (const conversation of hit) done.push([label, conversation.now.id])
      enter(db, hit, { act: 'label', at, by: 'person', value: `${sign}${label}` })
    }
  }
  change(taking, '-')
  change(putting, '+')
  const touched = new Set([...undo.added, ...undo.removed].map(([, conversation]) => conversation))
  for (const conversation of conversations) if (touched.has(conversation.now.id)) conversation.readMarks(db)
  return { act: keep(db, undo, at), changed: save(db, conversations) }
}

/** The conversation that one is now; null when it is gone for good. */
function present(db: WriteDb, conversation: number): number | null {
  const now = db.value<number>('SELECT into_id FROM merged WHERE id = ?', conversation) ?? conversation
  return db.value('SELECT 1 FROM conversation WHERE id = ?', now) === 1 ? now : null
}

function eachPresent(db: WriteDb, conversations: number[], act: (conversation: number) => unknown): void {
  for (const was of conversations) {
    const now = present(db, was)
    if (now !== null) act(now)
  }
}

/** @throws `name_taken` when the name of a label that was removed is another one's now. */
export function undoLabels(db: WriteDb, undo: LabelUndo, at: Instant): Undone {
  if (undo.kind === 'label') return undoPut(db, undo, at)
  const { label, conversations } = undo
  insert(db, label)
  if (undo.kind === 'label.merged') eachPresent(db, undo.gained, (now) => takeLabel(db, undo.into, now))
  eachPresent(db, conversations, (now) => putLabel(db, label.id, now))
  enterLabel(db, label, at, 'restored', undo.kind === 'label.merged' ? undo.into : null)
  return { changed: [], count: conversations.length, labels: true }
}

function undoPut(db: WriteDb, undo: Extract<LabelUndo, { kind: 'label' }>, at: Instant): Undone {
  const loaded = new Map<number, Working>()
  const each = (marks: Mark[], act: typeof putLabel) => {
    for (const [label, was] of marks) {
      const now = present(db, was)
      // A label that was removed since is not there to go back on.
      if (now === null || db.value('SELECT 1 FROM label WHERE id = ?', label) !== 1 || !act(db, label, now)) continue
      if (!loaded.has(now)) loaded.set(now, Working.load(db, now))
    }
  }
  each(undo.added, takeLabel)
  each(undo.removed, putLabel)
  const conversations = [...loaded.values()]
  for (const conversation of conversations) conversation.readMarks(db)
  enter(db, conversations, { act: 'undo', at, by: 'person', value: 'label' })
  const changed = save(db, conversations)
  return { changed, count: changed.length, labels: false }
}
