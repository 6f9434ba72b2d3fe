import { expect, it } from 'vitest'
import { tokenLogin } from '#connectors/mastodon/login.ts'
import { connectors } from '#connectors/registry.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp, systemSockets } from '#hosts/ports/http.ts'
import { tempDir } from '../../store/support.ts'
import { FakeClock } from '../../support/clock.ts'
import { type DrivenNetwork, drive, type Kill } from '../../support/outbox-driver.ts'
import { MastodonServer } from './simulator/server.ts'
import { plain, type Ways } from './simulator/ways.ts'

const STEP_MS = 10_000

/** The same sequence each time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** A server that loses requests, loses answers, is down and asks to wait, a third of the time. */
async function unreliable(ways: Partial<Ways>): Promise<MastodonServer> {
  const server = await new MastodonServer({ ...ways, streaming: false }, { validate: false }).start()
  const random = randomFrom(11)
  server.always = ({ method }, response) => {
    const luck = random()
    server.dropAnswers = null
    // reading fails now and then, writing a third of the time
    if (method === 'GET' && luck > 0.03) return null
    if (luck < 0.1) {
      response.destroy()
      return 'taken'
    }
    if (luck < 0.13) return { status: 503, raw: '<html>', headers: { 'content-type': 'text/html' } }
    if (luck < 0.15) return { status: 429, headers: { 'retry-after': '20' } }
    if (luck < 0.35) server.dropAnswers = () => true
    return null
  }
  return server
}

it.each([
  ['Mastodon', {}, 150],
  ['a server that only speaks like it', plain, 50],
] as const)(
  'what is sent by %s through kills and lost answers is there once, in its order',
  async (_, ways: Partial<Ways>, sends: number) => {
    const server = await unreliable(ways)
    const clock = new FakeClock()
    const network: DrivenNetwork = {
      connectors,
      add: async (engine, identityId) => {
        const { always } = server
        server.always = null
        const signedIn = await tokenLogin({ http: systemHttp, clock: systemClock }, server.origin, server.token)
        if (signedIn.settings === null) throw new Error('it said no settings')
        const { id } = await engine.accounts.addSignedIn({ identityId, ...signedIn, settings: signedIn.settings })
        server.always = always
        return id
      },
      content: (mark) => ({
        do: 'publish',
        kind: 'post',
        text: `${mark}: the sitting is put off, see https://www.example.org/${mark}`,
        subject: '',
        warning: '',
        language: 'en',
        media: [],
        to: [],
        cc: [],
        bcc: [],
        visibility: 'public',
      }),
      taken: () => Promise.resolve(server.world.ownPosts.map(({ text }) => text.slice(0, 9))),
    }
    const kills: Kill[] = Array.from({ length: 30 }, (__, n) => ({
      commit: 7 + ((n * 13) % 60),
      when: n % 2 === 0 ? 'before' : 'after',
    }))
    const time = {
      clock,
      step: async () => {
        clock.advance(STEP_MS)
        // as long as a server on this computer takes
        await new Promise((resolve) => setTimeout(resolve, 4))
      },
    }
    const dir = tempDir()
    const driven = await drive({
      network,
      time,
      http: systemHttp,
      sockets: systemSockets,
      dir,
      sends,
      chain: 4,
      kills,
      mostSteps: 60_000,
    })
    const marks = Array.from({ length: sends }, (__, n) => `mark-${String(n).padStart(4, '0')}`)
    expect((await network.taken()).sort()).toEqual(marks)
    for (const [n, mark] of marks.entries()) {
      const post = server.world.ownPosts.find(({ text }) => text.startsWith(mark))
      expect(post?.answers?.text.slice(0, 9)).toBe(n % 4 === 0 ? undefined : marks[n - 1])
    }
    expect(driven.lives).toBeGreaterThan(5)
    driven.office.close()
    await server.stop()
  },
  60_000,
)
