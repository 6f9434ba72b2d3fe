import type { IdentityId } from '#shared/model/index.ts'
import { createStore } from '../../ui/store.ts'

/** What was copied last in this window, and from whose texts. */
interface Copied {
  text: string
  identityId: IdentityId
}

const copied = createStore<Copied | null>(null)

/** Shorter pieces (a name, a date) are anybody's. */
const LEAST = 20

const plain = (text: string) => text.replace(/\s+/gu, ' ').trim()

/** Remembers what is copied from a place that belongs to an identity. @returns how to stop. */
export function watchCopies(target: Document, identityId: IdentityId): () => void {
  const take = () => {
    const field = target.activeElement
    const typed =
      field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement
        ? field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0)
        : ''
    const text = plain(typed || String(target.getSelection() ?? ''))
    if (text !== '') copied.set({ text, identityId })
  }
  target.addEventListener('copy', take)
  target.addEventListener('cut', take)
  return () => {
    target.removeEventListener('copy', take)
    target.removeEventListener('cut', take)
  }
}

/** The other identity from whose texts something comes that is about to be pasted; null where it may simply be put in. */
export function foreignTo(pasted: string, identityId: IdentityId): IdentityId | null {
  const last = copied.get()
  const text = plain(pasted)
  if (!last || last.identityId === identityId || text.length < LEAST) return null
  return text === last.text || last.text.includes(text) ? last.identityId : null
}
