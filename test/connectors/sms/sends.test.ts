import { expect, test } from 'vitest'
import { blogConnector } from '#connectors/blog/connector.ts'
import { smsConnector } from '#connectors/sms/connector.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { OutgoingContent, OutgoingKind } from '#shared/model/index.ts'
import { tempDir } from '../../store/support.ts'
import { FakeClock } from '../../support/clock.ts'
import { scriptedNetwork } from '../../support/fake-connector.ts'
import { type DrivenNetwork, drive, type Kill } from '../../support/outbox-driver.ts'
import { PASSWORD as BLOG_PASSWORD, faults as blogFaults, WordPress } from '../blog/wordpress.ts'
import { AndroidServer, PASSWORD } from './android-server.ts'
import { faults, TOKEN, TwilioServer } from './twilio-server.ts'

const SENDS = 60

/** The same numbers for the same seed (Mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % sides
  }
}

/** A queue of faults that never ends: two in three requests get an honest answer. */
function endless<Fault>(roll: (sides: number) => number, kinds: Fault[]): Fault[] {
  const queue: Fault[] = []
  queue.shift = () => (roll(3) > 0 ? undefined : kinds[roll(kinds.length)])
  return queue
}

function content(kind: OutgoingKind, text: string): OutgoingContent {
  const to = kind === 'sms' ? [{ name: '', handle: '+15550199199' }] : []
  const words = { text, subject: kind === 'post' ? text : '', warning: '', language: null, media: [] }
  return { do: 'publish', kind, ...words, to, cc: [], bcc: [], visibility: null }
}

const mark = (text: string) => /mark-\d{4}/.exec(text)?.[0] ?? ''

interface Driven extends DrivenNetwork {
  /** Ends the faults that the last things are sent without. */
  stop(): Promise<void>
}

const gateways: Record<string, (clock: FakeClock, roll: (sides: number) => number) => Promise<Driven>> = {
  Twilio: async (clock, roll) => {
    const server = new TwilioServer(() => clock.now())
    await server.start()
    server.faults = endless(roll, [
      faults.dropped,
      faults.closed,
      faults.cut,
      faults.status(500),
      faults.status(429, '', { 'retry-after': '5' }),
    ])
    return {
      connectors: { ...scriptedNetwork().connectors, sms: smsConnector },
      add: async (engine, identityId) => {
        const kept = server.faults
        server.faults = []
        const account = await engine.accounts.add({
          identityId,
          label: null,
          network: 'sms',
          settings: server.settings(),
          secret: TOKEN,
        })
        server.faults = kept
        return account.id
      },
      content: (text) => content('sms', text),
      taken: async () => server.messages.map(({ body }) => mark(body)),
      stop: () => server.stop(),
    }
  },
  'an Android phone': async (_, roll) => {
    const server = new AndroidServer()
    await server.start()
    server.faults = endless(roll, [faults.dropped, faults.closed, faults.cut, faults.status(500)])
    return {
      connectors: { ...scriptedNetwork().connectors, sms: smsConnector },
      add: async (engine, identityId) => {
        const kept = server.faults
        server.faults = []
        const account = await engine.accounts.add({
          identityId,
          label: null,
          network: 'sms',
          settings: server.settings(),
          secret: PASSWORD,
        })
        server.faults = kept
        return account.id
      },
      content: (text) => content('sms', text),
      taken: async () => server.sent.map(({ text }) => mark(text)),
      stop: () => server.stop(),
    }
  },
  WordPress: async (clock, roll) => {
    const site = new WordPress(Math.floor(clock.now() / 1000) * 1000)
    await site.start()
    site.faults = endless(roll, [blogFaults.dropped, blogFaults.closed, blogFaults.cut, blogFaults.status(500, '<html>')])
    return {
      connectors: { ...scriptedNetwork().connectors, blog: blogConnector },
      add: async (engine, identityId) => {
        const kept = site.faults
        site.faults = []
        const account = await engine.accounts.add({
          identityId,
          label: null,
          network: 'blog',
          settings: site.settings(),
          secret: BLOG_PASSWORD,
        })
        site.faults = kept
        return account.id
      },
      content: (text) => content('post', text),
      taken: async () => site.posts.map(({ title }) => mark(title)),
      stop: () => site.stop(),
    }
  },
}

test.each(Object.entries(gateways))(
  `${SENDS} sends by %s through kills and lost answers: none is lost, none is there twice`,
  {
    timeout: 240_000,
  },
  async (_, start) => {
    const seed = Date.now() & 0x7fffffff
    const roll = dice(seed)
    const clock = new FakeClock()
    const network = await start(clock, roll)
    const kills = Array.from({ length: 12 }, (): Kill => ({ commit: 1 + roll(50), when: roll(2) === 0 ? 'before' : 'after' }))
    let asking = 0
    const http = {
      fetch: async (request: Parameters<typeof systemHttp.fetch>[0]) => {
        asking++
        try {
          return await systemHttp.fetch(request)
        } finally {
          asking--
        }
      },
    }
    // Time goes by only while nobody waits for an answer.
    const step = async () => {
      do {
        for (let n = 0; n < 12; n++) await new Promise((resolve) => setImmediate(resolve))
      } while (asking > 0)
      clock.advance(Math.max(1, Math.min(60_000, clock.pauses[0] ?? 1000)))
    }
    const driven = await drive({
      network,
      time: { clock, step },
      http,
      dir: tempDir(),
      sends: SENDS,
      chain: 3,
      kills,
      mostSteps: 20_000,
    })
    const taken = await network.taken()
    expect([...taken].sort(), `seed ${seed}`).toEqual([...driven.items.keys()])
    expect(driven.lives, `seed ${seed}`).toBeGreaterThan(1)
    driven.office.close()
    await network.stop()
  },
)
