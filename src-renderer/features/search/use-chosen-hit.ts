import { useCallback, useRef } from 'react'
import type { SearchHit } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'

/**
 * Shows the conversation of a hit at its message.
 * @returns a call that answers whether the hit is now what is shown; not when another was chosen meanwhile.
 */
export function useChosenHit(): (hit: SearchHit) => Promise<boolean> {
  const app = useApp()
  const latest = useRef(0)
  return useCallback(
    async (hit) => {
      const turn = ++latest.current
      try {
        const { row } = await app.engine.client.conversations.get({ id: hit.conversationId })
        if (turn !== latest.current) return false
        app.inbox.select(row, hit.id)
        return true
      } catch (fault) {
        app.notices.fail(toProblem(fault))
        return false
      }
    },
    [app],
  )
}
