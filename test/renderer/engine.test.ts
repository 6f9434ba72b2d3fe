import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type LinkState, openEngine } from '#renderer/platform/engine.ts'
import type { Client, Connection } from '#shared/contract/client.ts'
import { ProblemError } from '#shared/model/index.ts'

/** What the engine at the other end does with its first call. */
type Behaviour = 'answers' | 'refuses' | 'silent' | 'ends'

interface Far {
  connection: Connection
  end(): void
  wasClosed: boolean
}

/** A connection to an engine that behaves so; only what the window's link uses of it is there. */
function far(behaviour: Behaviour): Far {
  let end: () => void = () => undefined
  const closed = new Promise<void>((resolve) => {
    end = resolve
  })
  const status = async () => {
    if (behaviour === 'answers') return {}
    if (behaviour === 'refuses') throw new ProblemError('office_locked')
    if (behaviour === 'ends') end()
    await closed
    throw new ProblemError('disconnected')
  }
  const made: Far = {
    connection: {
      client: { office: { status } } as unknown as Client,
      closed,
      open: 0,
      close: () => {
        made.wasClosed = true
        end()
      },
    },
    end: () => end(),
    wasClosed: false,
  }
  return made
}

/** Opens connections that behave as planned, the last way again and again. Says when each was asked for, in ms. */
function world(plan: (Behaviour | null)[]) {
  const asked: number[] = []
  const made: Far[] = []
  const open = async () => {
    asked.push(Math.round(performance.now()))
    const behaviour = plan[Math.min(asked.length, plan.length) - 1] ?? null
    if (behaviour === null) return null
    const next = far(behaviour)
    made.push(next)
    return next.connection
  }
  return { open, asked, made, gaps: () => asked.slice(1).map((at, i) => at - (asked[i] ?? 0)) }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the link to the engine', () => {
  it('is open once the engine answered a call, not before', async () => {
    const { open, made } = world(['silent', 'answers'])
    const opened = vi.fn()
    void openEngine(open).then(opened)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(opened).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(opened).toHaveBeenCalledOnce()
    expect(made[0]?.wasClosed).toBe(true)
    expect(made[1]?.wasClosed).toBe(false)
  })

  it('is open to an engine that refuses, so that the window can say why', async () => {
    const engine = await openEngine(world(['refuses']).open)
    expect(engine.link.get()).toBe('open')
    await expect(engine.client.office.status({})).rejects.toMatchObject({ code: 'office_locked' })
  })

  it('is tried again after growing pauses while nobody is there', async () => {
    const { open, gaps } = world([null])
    void openEngine(open)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(gaps().slice(0, 7)).toEqual([200, 500, 1000, 2000, 5000, 10_000, 10_000])
  })

  it('comes back at once after a connection that held, and lost in between', async () => {
    const { open, asked, made } = world(['answers', 'answers'])
    const engine = await openEngine(open)
    const states: LinkState[] = []
    engine.link.subscribe(() => states.push(engine.link.get()))
    await vi.advanceTimersByTimeAsync(6_000)
    const before = engine.client
    made[0]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(2)
    expect(states).toEqual(['lost', 'open'])
    expect(engine.client).not.toBe(before)
  })

  it('stays lost while new connections end without an answer', async () => {
    const { open, made } = world(['answers', 'ends', 'ends', 'answers'])
    const engine = await openEngine(open)
    await vi.advanceTimersByTimeAsync(6_000)
    const states: LinkState[] = []
    engine.link.subscribe(() => states.push(engine.link.get()))
    made[0]?.end()
    await vi.advanceTimersByTimeAsync(100)
    expect(states).toEqual(['lost'])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(states).toEqual(['lost', 'open'])
  })

  it('is made ever less often to an engine that answers and then crashes', async () => {
    const { open, made, gaps } = world(['answers'])
    await openEngine(open)
    for (let second = 0; second < 60; second++) {
      for (const one of made) one.end()
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(made.length).toBeLessThan(15)
    expect(gaps().at(-1)).toBeGreaterThanOrEqual(10_000)
  })

  it('forgets that after a connection held for five seconds', async () => {
    const { open, made, asked } = world(['answers'])
    await openEngine(open)
    for (let times = 0; times < 4; times++) {
      made.at(-1)?.end()
      await vi.advanceTimersByTimeAsync(4_000)
    }
    await vi.advanceTimersByTimeAsync(20_000)
    const before = asked.length
    made.at(-1)?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(before + 1)
  })

  it('is tried at once when the person asks for it, also past an engine that does not answer', async () => {
    const { open, made, asked } = world(['answers', null, 'silent', 'answers'])
    const engine = await openEngine(open)
    await vi.advanceTimersByTimeAsync(6_000)
    made[0]?.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(2)
    engine.retry()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(3)
    engine.retry()
    await vi.advanceTimersByTimeAsync(0)
    expect(made[1]?.wasClosed).toBe(true)
    expect(engine.link.get()).toBe('lost')
    engine.retry()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(4)
    expect(engine.link.get()).toBe('open')
  })
})
