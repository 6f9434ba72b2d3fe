import { describe, expect, it } from 'vitest'
import { Changes } from '#engine/changes.ts'
import type { Change } from '#shared/contract/index.ts'
import { conversationRow } from '../support/rows.ts'

describe('the change stream', () => {
  it('gives a listener what is published after it began to listen', async () => {
    const changes = new Changes()
    const listener = changes.listen()
    const first = listener.next()
    changes.publish({ kind: 'badges' })
    expect(await first).toEqual({ done: false, value: { kind: 'badges' } })
    await listener.return()
  })

  it('merges what a slow listener has not fetched: newest row each, an arrival stays an arrival', async () => {
    const changes = new Changes()
    const listener = changes.listen()
    const first = listener.next()
    changes.publish({ kind: 'identities' })
    await first
    changes.publish({ kind: 'conversations', arrived: [], changed: [conversationRow('1', { subject: 'old' })], more: false })
    changes.publish({ kind: 'conversations', arrived: [conversationRow('1', { subject: 'came' })], changed: [], more: false })
    changes.publish({
      kind: 'conversations',
      arrived: [],
      changed: [conversationRow('1', { subject: 'new' }), conversationRow('2')],
      more: false,
    })
    changes.publish({ kind: 'badges' })
    changes.publish({ kind: 'badges' })
    const seen: Change[] = []
    for (let index = 0; index < 2; index++) {
      const next = await listener.next()
      if (!next.done) seen.push(next.value)
    }
    expect(seen).toEqual([
      {
        kind: 'conversations',
        arrived: [conversationRow('1', { subject: 'new' })],
        changed: [conversationRow('2')],
        more: false,
      },
      { kind: 'badges' },
    ])
    await listener.return()
  })

  it('never holds more than 500 rows: beyond that the listener is told to read its lists again', async () => {
    const changes = new Changes()
    const listener = changes.listen()
    const first = listener.next()
    changes.publish({ kind: 'office' })
    await first
    for (let batch = 0; batch < 3; batch++) {
      const arrived = Array.from({ length: 300 }, (_, index) => conversationRow(String(batch * 300 + index + 1)))
      changes.publish({ kind: 'conversations', arrived, changed: [], more: false })
    }
    const next = await listener.next()
    expect(next.value).toMatchObject({ kind: 'conversations', more: true })
    expect(next.value && 'arrived' in next.value ? next.value.arrived.length : -1).toBeLessThanOrEqual(500)
    await listener.return()
  })

  it('lets a listener go when it stops, when its signal aborts and when the office closes', async () => {
    const changes = new Changes()
    const controller = new AbortController()
    const byReturn = changes.listen()
    const bySignal = changes.listen(controller.signal)
    const byClose = changes.listen()
    const waits = [byReturn.next(), bySignal.next(), byClose.next()]
    expect(changes.size).toBe(3)
    changes.publish({ kind: 'badges' })
    await Promise.all(waits)
    await byReturn.return()
    expect(changes.size).toBe(2)
    const ended = bySignal.next()
    controller.abort()
    expect(await ended).toEqual({ done: true, value: undefined })
    const closed = byClose.next()
    changes.close()
    expect((await closed).done).toBe(true)
    expect(changes.size).toBe(0)
  })
})
