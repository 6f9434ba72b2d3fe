import { createHash } from 'node:crypto'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { live } from '#connectors/bluesky/live/limits.ts'
import type { IncomingMessage } from '#connectors/connector.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import type { BlueskyNetwork, Someone } from '../../support/bluesky.ts'
import type { KitDriver, KitMessage, KitNetwork } from '../kit/driver.ts'
import { type Answer, type Asked, type Deed, startProxy } from './proxy.ts'

const POST = 'app.bsky.feed.post'

/** Settings and secret of an account that somebody signed in to. @param origin the server, as a person typed it. */
export function accountOf(someone: Someone, origin: string): { settings: BlueskySettings; secret: string } {
  const { did, handle, password } = someone
  return {
    settings: { handle, userId: did, server: null, live: { origin, typed: true } },
    secret: JSON.stringify({ kind: 'password', did, password, access: '', refresh: '' }),
  }
}

/** A server without the services that tell of what others do. */
function noServices(asked: Asked): Answer | null {
  return asked.name.startsWith('app.bsky.') ? refusal(501, 'MethodNotImplemented') : noChat(asked)
}

/** The service for direct messages is not one of the network's own servers: where a test has none, it is not there. */
export function noChat({ headers }: Asked): Answer | null {
  return headers['atproto-proxy'] === undefined ? null : refusal(400, 'InvalidRequest', 'no such service')
}

export function refusal(status: number, error: string, message = ''): Answer {
  return { status, body: JSON.stringify({ error, message }) }
}

/** The kit on the network's real PDS, with a proxy in front that can fail. Each test has an account of its own. */
export function blueskyDriver(network: () => BlueskyNetwork): KitDriver<BlueskySettings> {
  let accounts = 0
  return {
    connector: blueskyConnector,
    several: live.firstBatch * 3 + 50,
    called: ({ text }: IncomingMessage) => text.split('\n', 1)[0] ?? '',
    start: () => startAccount(network(), `kit${++accounts}`),
  }
}

async function startAccount(network: BlueskyNetwork, name: string): Promise<KitNetwork<BlueskySettings>> {
  const someone = await network.join(name)
  const proxy = await startProxy(network.pds)
  let refusing = false
  let stalling = false
  let twice: string | null = null
  let faults: Deed[] = []
  proxy.decide = (asked) => {
    if (stalling) return 'stall'
    if (refusing) return refusal(401, 'AuthenticationRequired')
    const fault = faults.shift()
    return fault ?? noServices(asked) ?? 'pass'
  }
  let cuts = 0
  proxy.change = ({ name: call }, { status, body }) => {
    if (cuts > 0) {
      cuts--
      return { cutAt: Math.floor(body.length / 2) }
    }
    if (twice === null || call !== 'com.atproto.repo.listRecords' || status !== 200) return null
    const page = JSON.parse(body.toString()) as { records: { value: { text?: string } }[] }
    const records = page.records.flatMap((record) => (record.value.text?.startsWith(`${twice}\n`) ? [record, record] : [record]))
    return { body: JSON.stringify({ ...page, records }) }
  }
  const record = ({ subject, text, at }: KitMessage) => ({
    $type: POST,
    text: `${subject}\n${text}`,
    createdAt: at.toISOString(),
  })
  const listed = async () => {
    const all: { uri: string; value: { text: string; createdAt: string } }[] = []
    for (let cursor = ''; ; ) {
      const page = (await someone.ask('com.atproto.repo.listRecords', {
        repo: someone.did,
        collection: POST,
        limit: '100',
        ...(cursor === '' ? {} : { cursor }),
      })) as { records: typeof all; cursor?: string }
      all.push(...page.records)
      if (page.cursor === undefined || page.records.length === 0) return all
      cursor = page.cursor
    }
  }
  const find = async (subject: string) => {
    const found = (await listed()).find(({ value }) => value.text.startsWith(`${subject}\n`))
    if (found === undefined) throw new Error(`there is no ${subject}`)
    return { ...found, rkey: found.uri.slice(found.uri.lastIndexOf('/') + 1) }
  }
  return {
    ...accountOf(someone, proxy.url),
    http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: stalling ? 300 : request.timeoutMs }) },
    put: async (messages) => {
      for (let at = 0; at < messages.length; at += 200) {
        const writes = messages
          .slice(at, at + 200)
          .map((message) => ({ $type: 'com.atproto.repo.applyWrites#create', collection: POST, value: record(message) }))
        await someone.call('com.atproto.repo.applyWrites', { repo: someone.did, writes })
      }
    },
    duplicate: async (subject) => {
      twice = subject
      // Something new, so that the list is read again.
      await someone.call('com.atproto.repo.putRecord', {
        repo: someone.did,
        collection: 'app.bsky.actor.profile',
        rkey: 'self',
        record: { $type: 'app.bsky.actor.profile', displayName: subject },
      })
    },
    edit: async (subject, text) => {
      const { rkey, value } = await find(subject)
      const edited = { ...value, text: `${subject}\n${text}` }
      await someone.call('com.atproto.repo.putRecord', { repo: someone.did, collection: POST, rkey, record: edited })
    },
    remove: async (subject) => {
      const { rkey } = await find(subject)
      await someone.call('com.atproto.repo.deleteRecord', { repo: someone.did, collection: POST, rkey })
    },
    list: async () => (await listed()).map(({ value }) => value.text.split('\n', 1)[0] ?? ''),
    rateLimit: async (seconds) => {
      const reset = String(Math.ceil(Date.now() / 1000) + seconds)
      faults.push({ ...refusal(429, 'RateLimitExceeded'), headers: { 'ratelimit-reset': reset } })
      return true
    },
    refuse: async (on) => {
      refusing = on
    },
    fail: async (times, how) => {
      if (how === 'cut') cuts = times
      else faults = [...faults, ...Array.from({ length: times }, (): Deed => (how === 'error' ? { status: 502 } : 'close'))]
    },
    garbage: async () => {
      faults.push({ body: createHash('sha512').update('garbage').digest() })
    },
    huge: async () => {
      faults.push({ body: Buffer.alloc(live.answerBytes + 1, ' ') })
    },
    stall: async (on) => {
      stalling = on
      if (!on) proxy.drop()
    },
    stop: () => proxy.stop(),
  }
}
