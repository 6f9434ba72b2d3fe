import type { Client, Connection } from '#shared/contract/client.ts'
import { ProblemError } from '#shared/model/index.ts'
import { createStore, type Store } from '../ui/store.ts'

/** `lost` means that it was open before and is being tried again. */
export type LinkState = 'connecting' | 'open' | 'lost'

/** The engine as the screen sees it, whichever transport leads there. */
export interface Engine {
  /** The client of the newest connection. Calls reject with `disconnected` while there is none. */
  readonly client: Client
  readonly link: Store<LinkState>
  /** Tries again at once instead of at the next planned time. */
  retry(): void
}

/** Pauses before the second try, the third and so on; the last one repeats. */
const PAUSES_MS = [200, 500, 1000, 2000, 5000, 10_000]
/** A connection that ended sooner counts as one more try that failed: an engine that crashes at once is not asked in a circle. */
const HELD_MS = 5000
/** An engine that opens a large office may need this long for its first answer; asking again then changes nothing for it. */
const ANSWER_MS = 30_000

/**
 * Connects, and keeps connecting. A connection counts only once the engine answered a call on it.
 * @param open Makes one connection; null when nobody took it.
 * @returns the engine, with the first connection that answered.
 */
export async function openEngine(open: () => Promise<Connection | null>): Promise<Engine> {
  const link = createStore<LinkState>('connecting')
  /** Tries that failed one after the other. */
  let failed = 0
  let hurry: () => void = () => undefined
  let connection = await connected()
  link.set('open')
  void keep()
  return {
    get client() {
      return connection.client
    },
    link,
    retry: () => hurry(),
  }

  async function keep(): Promise<never> {
    for (;;) {
      const since = performance.now()
      await connection.closed
      link.set('lost')
      if (performance.now() - since >= HELD_MS) failed = 0
      else failed += 1
      connection = await connected()
      link.set('open')
    }
  }

  async function connected(): Promise<Connection> {
    for (; ; failed++) {
      if (failed > 0) await soon(PAUSES_MS[Math.min(failed, PAUSES_MS.length) - 1] ?? 0)
      const next = await open()
      if (!next) continue
      const answered = await Promise.race([answers(next), soon(ANSWER_MS)])
      hurry()
      if (answered) return next
      next.close()
    }
  }

  /** Waits, unless the person cannot. */
  function soon(ms: number): Promise<false> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        resolve(false)
      }
      const timer = setTimeout(end, ms)
      hurry = end
    })
  }
}

/** Whether there is an engine at the other end. That it refuses is an answer too: then it says why, and the window shows it. */
async function answers({ client }: Connection): Promise<boolean> {
  try {
    await client.office.status({})
    return true
  } catch (error) {
    return error instanceof ProblemError && error.code !== 'disconnected'
  }
}
