import type { Problem } from '#shared/model/index.ts'
import type { MessageKey } from '../i18n/catalog.ts'
import { createStore } from '../ui/store.ts'

/** Something to tell the person in passing: an act that can be undone, or a fault. */
export interface Notice {
  id: number
  text: { key: MessageKey; values?: Record<string, string | number> } | null
  problem: Problem | null
  undo: (() => void) | null
}

/** Undo is offered this long; the `z` key undoes for as long as the window is open. */
export const UNDO_MS = 10_000
const MOST = 3

export type Notices = ReturnType<typeof createNotices>

/** The notices on the screen, newest last. */
export function createNotices() {
  const list = createStore<readonly Notice[]>([])
  let next = 1
  const add = (notice: Omit<Notice, 'id'>): number => {
    const id = next++
    list.set((now) => [...now.filter((other) => other.problem !== null), { ...notice, id }].slice(-MOST))
    return id
  }
  return {
    list,
    tell: (key: MessageKey, values: Record<string, string | number> = {}, undo: (() => void) | null = null): number =>
      add({ text: { key, values }, problem: null, undo }),
    fail: (problem: Problem): number => add({ text: null, problem, undo: null }),
    dismiss: (id: number): void => list.set((now) => now.filter((notice) => notice.id !== id)),
  }
}
