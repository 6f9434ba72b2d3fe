import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { systemClock } from '#hosts/ports/clock.ts'
import { systemHttp, systemSockets } from '#hosts/ports/http.ts'
import { defaultMark } from '#shared/model/index.ts'
import { ask } from '../test/support/ask.ts'
import { testOffice } from '../test/support/office.ts'
import { type BenchRow, bounded, median, percentile } from './row.ts'

const POSTS = 20_000
const ROUNDS = 3
/** How long a server takes for a page of 40 at its best. */
const DELAY_MS = 50
const PUSHES = 60
const GROUP = 'mastodon'

interface Server {
  child: ChildProcess
  origin: string
  id: string
}

/**
 * A first sync of 20,000 own posts into an office, against a bare loop that follows the same pages and throws the answers away, in
 * alternating rounds; and how soon a mention that the server pushed is stored.
 */
export async function run(): Promise<BenchRow[]> {
  const server = await start(POSTS, DELAY_MS)
  const bare: number[] = []
  const office: number[] = []
  try {
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(POSTS / (await follow(server)))
      office.push(POSTS / (await backfill(server)))
    }
  } finally {
    server.child.stdin?.end()
  }
  const pushes = await pushed()
  const ratio = median(office.map((rate, round) => rate / (bare[round] as number)))
  const rate = (id: string, rates: number[], against: string): BenchRow => {
    return { id, group: GROUP, value: median(rates), unit: '/s', goal: null, ok: null, against }
  }
  const p95 = percentile(pushes, 95)
  return [
    rate('mastodon.backfill.bare', bare, `${POSTS} posts, pages of 40, each after ${DELAY_MS} ms`),
    rate('mastodon.backfill.office', office, 'read, stored and searchable'),
    bounded({ id: 'mastodon.backfill.ratio', group: GROUP, value: ratio, unit: 'x', against: 'the bare loop' }, '>=', 0.7),
    bounded(
      { id: 'mastodon.push.p95', group: GROUP, value: p95, unit: 'ms', against: `${PUSHES} mentions, pushed to stored` },
      '<=',
      1000,
    ),
  ]
}

async function start(posts: number, delay: number): Promise<Server> {
  const args = [join(import.meta.dirname, 'mastodon-server.ts'), String(posts), String(delay)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, ...(JSON.parse(line.toString('utf8')) as { origin: string; id: string }) }
}

/** Seconds for all pages, whose answers are thrown away. */
async function follow({ origin, id }: Server): Promise<number> {
  const begun = performance.now()
  let url: string | undefined = `${origin}/api/v1/accounts/${id}/statuses?limit=40`
  while (url !== undefined) {
    const { headers } = await systemHttp.fetch({ url, maxBytes: 10_000_000, timeoutMs: 10_000 })
    url = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1]
  }
  return (performance.now() - begun) / 1000
}

async function opened({ origin, id }: Server, autostart: boolean) {
  const office = await testOffice()
  const ports = { ...office.ports, clock: systemClock, http: systemHttp, sockets: systemSockets }
  const engine = new Engine({ store: office.store, ports, connectors, autostart, random: Math.random })
  await engine.open()
  const identity = await office.store.write.addIdentity({ name: 'Office', voice: 'institutional', ...defaultMark.institutional })
  const settings = { handle: 'office', userId: null, server: new URL(origin).host, live: { origin, id } }
  const account = await engine.accounts.add({
    network: 'mastodon',
    identityId: identity.id,
    label: null,
    settings,
    secret: 'token',
  })
  const close = async () => {
    await engine.close()
    await office.remove()
  }
  return { office, engine, account, close }
}

/** Seconds from an empty office until every post is stored and can be found. */
async function backfill(server: Server): Promise<number> {
  const { office, engine, account, close } = await opened(server, false)
  try {
    const begun = performance.now()
    const [report] = await engine.accounts.sync(account.id)
    const seconds = (performance.now() - begun) / 1000
    const found = await office.store.read.find(ask('witnesses', 50))
    if (report?.problem || report?.new !== POSTS || found.hits.length !== 50)
      throw new Error(`the office has ${report?.new} posts: ${JSON.stringify(report?.problem)}`)
    return seconds
  } finally {
    await close()
  }
}

/** Milliseconds from the server's word to the change that tells of the stored row, for each mention. */
async function pushed(): Promise<number[]> {
  const server = await start(10, 0)
  const { engine, account, close } = await opened(server, true)
  const changes = engine.changes.listen(new AbortController().signal)
  const times: number[] = []
  try {
    let passes = 0
    // the first pass, and the one after the stream was opened
    for (let last = ''; passes < 2; ) {
      await changes.next()
      const { phase, lastSyncAt } = engine.accounts.get(account.id).status
      if (phase === 'live' && lastSyncAt !== null && lastSyncAt !== last) {
        passes++
        last = lastSyncAt
      }
    }
    for (let n = 0; n < PUSHES; n++) {
      const begun = performance.now()
      server.child.stdin?.write(`${n}\n`)
      for (;;) {
        const { value } = await changes.next()
        if (value?.kind === 'conversations' && value.arrived.some(({ snippet }) => snippet.endsWith(`question ${n}`))) break
      }
      times.push(performance.now() - begun)
    }
    return times
  } finally {
    await close()
    server.child.stdin?.end()
  }
}
