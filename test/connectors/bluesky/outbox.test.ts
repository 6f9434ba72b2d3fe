import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectors } from '#connectors/registry.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { Http, HttpRequest, HttpResponse } from '#ports/index.ts'
import { BlueskySettings, ProblemError } from '#shared/model/index.ts'
import { tempDir } from '../../store/support.ts'
import { type BlueskyNetwork, startBluesky } from '../../support/bluesky.ts'
import { FakeClock } from '../../support/clock.ts'
import { needs } from '../../support/needs.ts'
import { type DrivenNetwork, drive, type Kill } from '../../support/outbox-driver.ts'
import { publish } from './account.ts'
import { accountOf } from './driver.ts'

const SENDS = 150
const CHAIN = 4
const MINUTE = 60_000
const POST = 'app.bsky.feed.post'

/** Numbers in [0, 1) without order, the same each time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** The way to a server, on which requests and answers are lost. */
class BadLine implements Http {
  private readonly random: () => number
  private readonly ended: (() => void)[] = []
  private under = 0
  /** Requests for a new record whose answer was lost. */
  lost = 0

  constructor(random: () => number) {
    this.random = random
  }

  async fetch(request: HttpRequest): Promise<HttpResponse> {
    this.under++
    try {
      return await this.carry(request)
    } finally {
      this.under--
      for (const tell of this.ended.splice(0)) tell()
    }
  }

  /** Resolves when the next answer has come; at once when nothing is on its way. */
  async next(): Promise<void> {
    if (this.under > 0) await new Promise<void>((resolve) => this.ended.push(resolve))
  }

  private async carry(request: HttpRequest): Promise<HttpResponse> {
    const host = new URL(request.url).host
    const answer = (status: number, error: string) => {
      return { status, headers: {}, url: request.url, body: Buffer.from(JSON.stringify({ error })) }
    }
    if (request.url.includes('/xrpc/app.bsky.') || request.headers?.['atproto-proxy'] !== undefined)
      return answer(501, 'MethodNotImplemented')
    const creates = request.url.endsWith('createRecord')
    const luck = this.random()
    if (luck < 0.06) throw new ProblemError('connection_lost', { host })
    if (luck < 0.1) return answer(503, 'NotReady')
    if (luck < 0.12) return answer(429, 'RateLimitExceeded')
    const response = await systemHttp.fetch(request)
    if (!creates || luck > 0.3) return response
    this.lost++
    throw new ProblemError('connection_lost', { host })
  }
}

needs('bluesky')('the outbox and a real PDS', () => {
  let network: BlueskyNetwork
  beforeAll(async () => {
    network = await startBluesky({ views: false })
  }, 180_000)
  afterAll(async () => {
    await network.stop()
  })

  it(`${SENDS} posts through kills and lost answers: none is lost, none is there twice, threads hang together`, {
    timeout: 300_000,
  }, async () => {
    const someone = await network.join('outbox')
    const clock = new FakeClock(Date.now())
    const random = numbers(7)
    const line = new BadLine(random)
    const records = async () => {
      const all: { uri: string; value: { text: string; reply?: { parent: { uri: string } } } }[] = []
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page = (await someone.ask('com.atproto.repo.listRecords', {
          repo: someone.did,
          collection: POST,
          limit: '100',
          ...(cursor === '' ? {} : { cursor }),
        })) as { records: typeof all; cursor?: string }
        all.push(...page.records)
        cursor = page.records.length === 0 ? undefined : page.cursor
      }
      return all
    }
    const driven: DrivenNetwork = {
      connectors,
      add: async (engine, identityId) => {
        const { settings, secret } = accountOf(someone, network.pds)
        const input = { identityId, label: null, network: 'bluesky', settings: BlueskySettings.parse(settings), secret } as const
        // The line may be bad here too.
        for (;;) {
          try {
            return (await engine.accounts.add(input)).id
          } catch (error) {
            if (!(error instanceof ProblemError)) throw error
          }
        }
      },
      content: (mark) => publish(mark),
      taken: async () => (await records()).map(({ value }) => value.text),
    }
    const step = async () => {
      await line.next()
      for (let n = 0; n < 12; n++) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(Math.max(1, Math.min(MINUTE, clock.pauses[0] ?? 1000)))
    }
    const kills = Array.from({ length: 20 }, (): Kill => {
      return { commit: 1 + Math.floor(random() * 80), when: random() < 0.5 ? 'before' : 'after' }
    })
    const { office, identity, items } = await drive({
      network: driven,
      time: { clock, step },
      http: line,
      dir: tempDir(),
      sends: SENDS,
      chain: CHAIN,
      kills,
      mostSteps: 100_000,
    })
    const there = await records()
    const marks = [...items.keys()]
    expect(there.map(({ value }) => value.text).sort()).toEqual(marks)
    expect(line.lost).toBeGreaterThan(SENDS / 20)
    const by = new Map(there.map((record) => [record.value.text, record]))
    for (const [n, mark] of marks.entries()) {
      const parent = by.get(mark)?.value.reply?.parent.uri
      expect(parent, mark).toBe(n % CHAIN === 0 ? undefined : by.get(marks[n - 1] ?? '')?.uri)
    }
    expect(new Set([...items.values()].map(({ message }) => message)).size).toBe(SENDS)
    expect(office.read.verifyLedger(identity.id, null, 100_000, true).faults).toEqual([])
    office.close()
  })
})
