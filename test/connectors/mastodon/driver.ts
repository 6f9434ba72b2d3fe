import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import { limits } from '#connectors/mastodon/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { KitDriver, KitMessage, KitNetwork } from '../kit/driver.ts'
import { type Call, type Fault, MastodonServer } from './simulator/server.ts'
import type { Ways } from './simulator/ways.ts'
import type { Post } from './simulator/world.ts'

/** Where the kit's messages are: in the account's own posts, or in posts of others that name it. */
export type Side = 'own' | 'mentions'

export function mastodonDriver(side: Side, ways: Partial<Ways>): KitDriver<MastodonSettings> {
  return { connector: mastodonConnector, several: 500, start: () => start(side, ways) }
}

async function start(side: Side, ways: Partial<Ways>): Promise<KitNetwork<MastodonSettings>> {
  const server = await new MastodonServer(ways).start()
  const { world } = server
  const posts = new Map<string, Post>()
  const twice = new Set<string>()
  // The kit's messages are told apart by their subject: what a reader is warned of.
  const put = ({ subject, text, at }: KitMessage) => {
    const by = side === 'own' ? world.own : world.person('ada')
    const made =
      side === 'own' ? world.post(by, text, { warning: subject, at }) : world.mention(by, text, { warning: subject, at })
    posts.set(subject, made)
  }
  return {
    settings: server.settings,
    secret: server.token,
    http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: server.stalling ? 300 : request.timeoutMs }) },
    put: async (messages) => {
      for (const message of messages) put(message)
    },
    duplicate: async (subject) => {
      twice.add(subject)
      const post = posts.get(subject)
      if (post && side === 'mentions') world.notify('mention', post.by, post, post.at)
      else server.ways.repeats = true
    },
    edit: async (subject, text) => {
      const post = posts.get(subject)
      if (post) world.edit(post, text)
    },
    remove: async (subject) => {
      const post = posts.get(subject)
      if (post) world.remove(post)
      posts.delete(subject)
    },
    list: async () => [...posts.keys()],
    rateLimit: async (seconds) => {
      server.faults.push(() => ({
        status: 429,
        body: { error: 'Too many requests' },
        headers: { 'x-ratelimit-reset': new Date(Date.now() + seconds * 1000).toISOString() },
      }))
      return true
    },
    refuse: async (on) => {
      if (on) server.tokens.clear()
      else server.tokens.add(server.token)
    },
    fail: async (times, how) => {
      const fault: Fault = (call, response) => {
        if (how === 'error') return { status: 500, raw: '<html>', headers: { 'content-type': 'text/html' } }
        if (how === 'cut') return cut(call, response)
        response.destroy()
        return 'taken'
      }
      for (let time = 0; time < times; time++) server.faults.push(how === 'cut' ? once(server, fault) : fault)
    },
    garbage: async () => {
      server.faults.push(() => ({ status: 200, raw: createHash('sha512').update('garbage').digest() }))
    },
    huge: async () => {
      server.faults.push(() => ({ status: 200, raw: Buffer.alloc(limits.answerBytes + 1, '[') }))
    },
    stall: async (on) => {
      server.stalling = on
      if (!on) server.drop()
    },
    stop: () => server.stop(),
  }
}

const carries = ({ url }: Call) => /statuses|notifications/.test(url.pathname)

/** Meets the next request whose answer carries messages. */
function once(server: MastodonServer, fault: Fault): Fault {
  const wait: Fault = (call, response) => {
    if (carries(call)) return fault(call, response)
    server.faults.unshift(wait)
    return null
  }
  return wait
}

function cut(_call: Call, response: ServerResponse): 'taken' {
  const text = '[{"id":"1","content":"'
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length * 2) })
  response.write(text, () => response.destroy())
  return 'taken'
}
