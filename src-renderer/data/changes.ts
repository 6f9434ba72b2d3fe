import type { Change } from '#shared/contract/index.ts'
import type { ConversationId, ConversationRow } from '#shared/model/index.ts'
import type { Engine } from '../platform/engine.ts'

export type PlainChange = Exclude<Change['kind'], 'conversations' | 'job'>

/** What was told since the last frame. */
export interface Batch {
  arrived: ConversationRow[]
  changed: ConversationRow[]
  more: boolean
  plain: Set<PlainChange>
  jobs: Extract<Change, { kind: 'job' }>['job'][]
}

/** A hidden window gets no frames. */
const HIDDEN_MS = 250
const AGAIN_MS = 1000

/**
 * Listens to the engine's changes for as long as the window lives and hands them on at most once per frame, so that a
 * sync that tells of hundreds of messages a second never makes the screen work for each.
 */
export function listen(engine: Engine, take: (batch: Batch) => void, reconnected: () => void): void {
  let arrived = new Map<ConversationId, ConversationRow>()
  let changed = new Map<ConversationId, ConversationRow>()
  let more = false
  let plain = new Set<PlainChange>()
  let jobs = new Map<string, Batch['jobs'][number]>()
  let planned = false

  const flush = () => {
    planned = false
    const batch: Batch = { arrived: [...arrived.values()], changed: [...changed.values()], more, plain, jobs: [...jobs.values()] }
    arrived = new Map()
    changed = new Map()
    more = false
    plain = new Set()
    jobs = new Map()
    take(batch)
  }
  const add = (change: Change) => {
    if (change.kind === 'conversations') {
      for (const row of change.arrived) {
        changed.delete(row.id)
        arrived.set(row.id, row)
      }
      for (const row of change.changed) (arrived.has(row.id) ? arrived : changed).set(row.id, row)
      more ||= change.more
    } else if (change.kind === 'job') jobs.set(change.job.id, change.job)
    else plain.add(change.kind)
    if (planned) return
    planned = true
    if (document.hidden) setTimeout(flush, HIDDEN_MS)
    else requestAnimationFrame(flush)
  }
  // The stream ends with its connection, and a new one starts with the next. One that ends by itself is begun again.
  const follow = async () => {
    const { client } = engine
    while (engine.client === client && engine.link.get() === 'open') {
      try {
        for await (const change of await client.office.changes({})) add(change)
      } catch (error) {
        if (engine.link.get() === 'open') console.warn('change stream ended', error)
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
  engine.link.subscribe(() => {
    if (engine.link.get() !== 'open') return
    void follow()
    reconnected()
  })
  void follow()
}
