import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import type { Context } from '#connectors/connector.ts'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { Http } from '#ports/index.ts'
import { BlueskySettings, defaultMark } from '#shared/model/index.ts'
import { accountOf } from '../test/connectors/bluesky/driver.ts'
import { ask } from '../test/support/ask.ts'
import { type BlueskyNetwork, type Someone, startBluesky } from '../test/support/bluesky.ts'
import { MemoryOffice } from '../test/support/context.ts'
import { needed } from '../test/support/needed.ts'
import { testOffice } from '../test/support/office.ts'
import { type BenchRow, bounded, median } from './row.ts'

const POSTS = 20_000
const AT_ONCE = 200
const ROUNDS = 3
const GROUP = 'bluesky'
const COLLECTION = 'app.bsky.feed.post'

/**
 * The first sync of 20,000 own posts from a real PDS on loopback, stored, encrypted and searchable by the real engine, against a bare loop
 * with the same pages that throws the answers away, in alternating rounds; and a pass that finds nothing.
 */
export async function run(): Promise<BenchRow[]> {
  const missing = needed.bluesky.missing()
  if (missing !== null)
    return [
      {
        id: 'bluesky.backfill.ratio',
        group: GROUP,
        value: 0,
        unit: 'x',
        goal: '>= 0.7',
        ok: null,
        against: `left out: ${missing}`,
      },
    ]
  const network = await startBluesky({ views: false })
  try {
    const someone = await network.join('bench')
    await fill(someone)
    const bare: number[] = []
    const connector: number[] = []
    const office: number[] = []
    const idle: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(POSTS / (await throwAway(network, someone)))
      connector.push(POSTS / (await discard(network, someone)))
      const { seconds, idleMs } = await wholeOffice(network, someone)
      office.push(POSTS / seconds)
      idle.push(idleMs)
    }
    const rate = (id: string, rates: number[], against: string): BenchRow => ({
      id,
      group: GROUP,
      value: median(rates),
      unit: '/s',
      goal: null,
      ok: null,
      against,
    })
    const ratio = median(office.map((value, round) => value / (bare[round] as number)))
    return [
      rate('bluesky.backfill.bare', bare, `${POSTS} posts, thrown away`),
      rate('bluesky.backfill.connector', connector, 'as messages, thrown away'),
      rate('bluesky.backfill.office', office, 'stored and searchable'),
      bounded({ id: 'bluesky.backfill.ratio', group: GROUP, value: ratio, unit: 'x', against: 'the bare loop' }, '>=', 0.7),
      bounded(
        { id: 'bluesky.idle.cpu', group: GROUP, value: median(idle), unit: 'ms', against: 'a pass that finds nothing' },
        '<=',
        5,
      ),
    ]
  } finally {
    await network.stop()
  }
}

async function fill(someone: Someone): Promise<void> {
  for (let at = 0; at < POSTS; at += AT_ONCE) {
    const writes = Array.from({ length: AT_ONCE }, (_, index) => ({
      $type: 'com.atproto.repo.applyWrites#create',
      collection: COLLECTION,
      value: {
        $type: COLLECTION,
        text: `Sitting ${at + index}: the committee heard ${(at + index) % 97} witnesses on the budget and its many amendments.`,
        langs: ['en'],
        createdAt: new Date(Date.UTC(2025, 0, 1) + (at + index) * 60_000).toISOString(),
      },
    }))
    await someone.call('com.atproto.repo.applyWrites', { repo: someone.did, writes })
  }
}

/** Seconds for all pages, one after the other. */
async function throwAway({ pds }: BlueskyNetwork, { did }: Someone): Promise<number> {
  const start = performance.now()
  let cursor = ''
  for (;;) {
    const query = new URLSearchParams({ repo: did, collection: COLLECTION, limit: '100', ...(cursor === '' ? {} : { cursor }) })
    const response = await fetch(`${pds}/xrpc/com.atproto.repo.listRecords?${query}`)
    const page = (await response.json()) as { records: unknown[]; cursor?: string }
    if (page.cursor === undefined || page.records.length === 0) return (performance.now() - start) / 1000
    cursor = page.cursor
  }
}

/** The PDS as one that knows no other services: those are not what is measured. */
const onlyServer: Http = {
  fetch: (request) => {
    const other = request.url.includes('/xrpc/app.bsky.') || request.headers?.['atproto-proxy'] !== undefined
    if (!other) return systemHttp.fetch(request)
    const body = Buffer.from('{"error":"MethodNotImplemented"}')
    return Promise.resolve({ status: 501, headers: {}, url: request.url, body })
  },
}

/** Seconds until the connector has made messages of all, which are thrown away. */
async function discard(network: BlueskyNetwork, someone: Someone): Promise<number> {
  let brought = 0
  const { settings, secret } = accountOf(someone, network.pds)
  const office = new MemoryOffice<BlueskySettings>({ settings, secret, http: onlyServer })
  const context: Context<BlueskySettings> = {
    ...office.open(),
    settings,
    commit: async (batch) => {
      brought += batch.messages.length
      return { new: batch.messages.length, updated: 0, deleted: 0 }
    },
    cursor: async (stream) => cursors.get(stream) ?? null,
  }
  const cursors = new Map<string, string>()
  const client = blueskyConnector.create({
    ...context,
    commit: (batch) => {
      cursors.set(batch.stream, batch.cursor)
      return context.commit(batch)
    },
  })
  const start = performance.now()
  await client.sync(new AbortController().signal)
  const seconds = (performance.now() - start) / 1000
  await client.close()
  if (brought !== POSTS) throw new Error(`the connector brought ${brought}`)
  return seconds
}

/** Seconds that an office takes from an empty database until every post is stored and can be found, and the CPU time of a pass afterwards. */
async function wholeOffice(network: BlueskyNetwork, someone: Someone): Promise<{ seconds: number; idleMs: number }> {
  const office = await testOffice()
  const ports = { ...office.ports, clock: systemClock, http: onlyServer }
  const engine = new Engine({ store: office.store, ports, connectors, autostart: false, random: Math.random })
  try {
    const identity = await office.store.write.addIdentity({
      name: 'Office',
      voice: 'institutional',
      ...defaultMark.institutional,
    })
    const { settings, secret } = accountOf(someone, network.pds)
    const account = await engine.accounts.add({
      network: 'bluesky',
      identityId: identity.id,
      label: null,
      settings: BlueskySettings.parse(settings),
      secret,
    })
    const start = performance.now()
    const [report] = await engine.accounts.sync(account.id)
    const seconds = (performance.now() - start) / 1000
    const found = await office.store.read.find(ask('witnesses', 50))
    if (report?.problem || report?.new !== POSTS || found.hits.length !== 50)
      throw new Error(`the office has ${report?.new} posts and finds ${found.hits.length}: ${JSON.stringify(report?.problem)}`)
    return { seconds, idleMs: await idle(engine, account.id) }
  } finally {
    await engine.accounts.close()
    await office.remove()
  }
}

/** CPU of this process for a pass that finds nothing, in ms: the mean of 20. */
async function idle(engine: Engine, id: Parameters<Engine['accounts']['sync']>[0]): Promise<number> {
  const passes = 20
  await engine.accounts.sync(id)
  const before = process.cpuUsage()
  for (let pass = 0; pass < passes; pass++) await engine.accounts.sync(id)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / passes
}
