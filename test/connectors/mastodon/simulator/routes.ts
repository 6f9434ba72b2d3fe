import { account, credentials, edits, file, grouped, instanceV1, instanceV2, notification, status } from './entities.ts'
import type { Call, MastodonServer, Reply } from './server.ts'
import type { Person, Post } from './world.ts'

type Handler = (server: MastodonServer, call: Call, id: string) => Reply

const error = (status: number, text: string): Reply => ({ status, body: { error: text } })
const missing = () => error(404, 'Record not found')
const done = (body: unknown): Reply => ({ status: 200, body })

/** A page of a list that is newest last, by `max_id`, as Mastodon pages. */
function pageOf<Item extends { id: string }>(
  server: MastodonServer,
  { url }: Call,
  all: readonly Item[],
  most: number,
): { items: Item[]; headers: Record<string, string> } {
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 20), most)
  const max = url.searchParams.get('max_id')
  const newest = [...all].reverse()
  const from = max === null ? 0 : newest.findIndex(({ id }) => id < max)
  const items = from < 0 ? [] : newest.slice(from, from + limit)
  const last = items.at(-1)
  const more = last !== undefined && newest.at(-1) !== last
  const headers: Record<string, string> = {}
  if (server.ways.links && last !== undefined) {
    const link = (name: string, id: string, rel: string) =>
      `<${server.origin}${url.pathname}?limit=${limit}&${name}=${encodeURIComponent(id)}>; rel="${rel}"`
    // With repeats, the next page begins with the last entry of this one.
    const before = server.ways.repeats && limit > 1 ? (items.at(-2)?.id ?? last.id) : last.id
    const links = [link('min_id', items[0]?.id ?? '', 'prev')]
    if (more) links.unshift(link('max_id', before, 'next'))
    headers['link'] = links.join(', ')
  }
  const [first] = items
  return { items: server.ways.repeats && first ? [first, ...items] : items, headers }
}

function postOf(server: MastodonServer, id: string): Post | null {
  return server.world.find(id)
}

function publish(server: MastodonServer, call: Call): Reply {
  const { world, ways } = server
  const key = call.headers['idempotency-key']
  const known = typeof key === 'string' && ways.keys ? server.idempotent.get(key) : undefined
  if (known) return done(status(world, known))
  const body = call.body ?? {}
  const text = String(body['status'] ?? '')
  const media = (body['media_ids'] as string[] | undefined) ?? []
  if ([...text].length > 600) return error(422, 'Validation failed: Text character limit of 600 exceeded')
  if (text === '' && media.length === 0) return error(422, "Validation failed: Text can't be blank")
  const answers = body['in_reply_to_id'] === undefined ? null : postOf(server, String(body['in_reply_to_id']))
  if (body['in_reply_to_id'] !== undefined && !answers) return missing()
  const quotes = body['quoted_status_id'] === undefined ? null : postOf(server, String(body['quoted_status_id']))
  const post = world.post(world.own, text, {
    warning: String(body['spoiler_text'] ?? ''),
    visibility: String(body['visibility'] ?? 'public'),
    language: (body['language'] as string | undefined) ?? 'en',
    answers,
    quotes,
    media,
    mentions: mentionedIn(server, text),
  })
  if (typeof key === 'string') server.idempotent.set(key, post)
  return done(status(world, post))
}

function mentionedIn({ world }: MastodonServer, text: string): Person[] {
  return [...text.matchAll(/(?:^|\s)@([\w.-]+)(?:@([\w.-]+))?/g)].flatMap(([, name, domain]) => {
    const home = domain === undefined || domain === world.host ? '' : domain
    return world.people.find((one) => one.name === name && one.domain === home) ?? []
  })
}

function upload(server: MastodonServer, { bytes }: Call, busy: number): Reply {
  const text = bytes.toString('latin1')
  const parts = text.split(`${text.slice(0, text.indexOf('\r\n'))}`).map((part) => part.replace(/^\r\n|\r\n$/g, ''))
  const alt = parts.map((part) => /name="description"\r\n\r\n([\s\S]*)$/.exec(part)?.[1]).find((one) => one !== undefined) ?? ''
  const pattern = /name="file"; filename="[^"]*"\r\ncontent-type: ([^\r]+)\r\n\r\n([\s\S]*)$/
  const found = parts.map((part) => pattern.exec(part)).find((one) => one !== null)
  if (!found) return error(422, 'Validation failed: File is missing')
  const id = server.world.id()
  const made = {
    id,
    bytes: Buffer.from(found[2] ?? '', 'latin1'),
    type: found[1] ?? '',
    alt: Buffer.from(alt, 'latin1').toString('utf8'),
    busy,
  }
  server.world.files.set(id, made)
  return { status: busy > 0 ? 202 : 200, body: file(server.world, made) }
}

function relation(name: string, on: boolean): Handler {
  return ({ world }, _call, id) => {
    const person = world.people.find((one) => one.id === id)
    if (!person) return missing()
    const set = world.relations.get(name) ?? new Set()
    world.relations.set(name, set)
    if (on) set.add(id)
    else set.delete(id)
    const is = (one: string) => world.relations.get(one)?.has(id) === true
    return done({
      id,
      following: is('follow'),
      showing_reblogs: true,
      notifying: false,
      followed_by: false,
      blocking: is('block'),
      blocked_by: false,
      muting: is('mute'),
      muting_notifications: is('mute'),
      requested: false,
      requested_by: false,
      domain_blocking: false,
      endorsed: false,
      note: '',
    })
  }
}

function onPost(change: (server: MastodonServer, post: Post) => Post): Handler {
  return (server, _call, id) => {
    const post = postOf(server, id)
    return post ? done(status(server.world, change(server, post))) : missing()
  }
}

const routes: [string, RegExp, Handler][] = [
  ['POST', /^\/api\/v1\/apps$/, registerApp],
  ['POST', /^\/oauth\/token$/, giveToken],
  ['GET', /^\/api\/v1\/accounts\/verify_credentials$/, ({ world }) => done(credentials(world))],
  [
    'GET',
    /^\/api\/v2\/instance$/,
    (server) => (server.ways.instance === 'v2' ? done(instanceV2(server.world, streamOf(server))) : unknown(server)),
  ],
  [
    'GET',
    /^\/api\/v1\/instance$/,
    (server) => (server.ways.instance === 'none' ? unknown(server) : done(instanceV1(server.world))),
  ],
  [
    'GET',
    /^\/api\/v1\/accounts\/([^/]+)\/statuses$/,
    (server, call, id) => {
      const all = server.world.posts.filter(
        ({ by, boosts }) => by.id === id && (boosts === null || !call.url.searchParams.has('exclude_reblogs')),
      )
      const { items, headers } = pageOf(server, call, all, 40)
      return { status: 200, body: items.map((post) => status(server.world, post)), headers }
    },
  ],
  [
    'GET',
    /^\/api\/v1\/notifications$/,
    (server, call) => {
      const { items, headers } = pageOf(server, call, server.world.notifications, 80)
      return { status: 200, body: items.map((one) => notification(server.world, one)), headers }
    },
  ],
  [
    'GET',
    /^\/api\/v2\/notifications$/,
    (server, call) => {
      if (!server.ways.grouped) return unknown(server)
      const { items, headers } = pageOf(server, call, server.world.notifications, 80)
      return { status: 200, body: grouped(server.world, items), headers }
    },
  ],
  ['GET', /^\/api\/v1\/conversations$/, conversations],
  [
    'GET',
    /^\/api\/v1\/accounts\/lookup$/,
    ({ world }, { url }) => {
      const [name, domain = ''] = (url.searchParams.get('acct') ?? '').split('@')
      const found = world.people.find((one) => one.name === name && one.domain === domain)
      return found ? done(account(world, found)) : missing()
    },
  ],
  [
    'GET',
    /^\/api\/v2\/search$/,
    (server, { url }) => {
      const q = url.searchParams.get('q') ?? ''
      const posts = server.ways.search ? server.world.posts.filter(({ uri }) => uri === q) : []
      return done({ accounts: [], statuses: posts.map((post) => status(server.world, post)), hashtags: [] })
    },
  ],
  ['GET', /^\/api\/v1\/statuses\/([^/]+)$/, onPost((_, post) => post)],
  [
    'GET',
    /^\/api\/v1\/statuses\/([^/]+)\/context$/,
    (server, _call, id) => {
      const post = postOf(server, id)
      if (!post) return missing()
      const ancestors: Post[] = []
      for (let at = post.answers; at; at = at.answers) ancestors.unshift(at)
      return done({ ancestors: ancestors.map((one) => status(server.world, one)), descendants: [] })
    },
  ],
  [
    'GET',
    /^\/api\/v1\/statuses\/([^/]+)\/history$/,
    (server, _call, id) => {
      const post = postOf(server, id)
      return post && server.ways.edits ? done(edits(server.world, post)) : unknown(server)
    },
  ],
  [
    'GET',
    /^\/api\/v1\/statuses\/([^/]+)\/source$/,
    (server, _call, id) => {
      const post = postOf(server, id)
      return post && server.ways.edits ? done({ id, text: post.text, spoiler_text: post.warning }) : unknown(server)
    },
  ],
  ['POST', /^\/api\/v1\/statuses$/, publish],
  [
    'PUT',
    /^\/api\/v1\/statuses\/([^/]+)$/,
    (server, { body = {} }, id) => {
      const post = postOf(server, id)
      if (!post || post.by !== server.world.own) return missing()
      if (!server.ways.edits) return error(405, 'Method not allowed')
      server.world.edit(post, String(body['status']), String(body['spoiler_text'] ?? ''))
      post.media = (body['media_ids'] as string[] | undefined) ?? []
      return done(status(server.world, post))
    },
  ],
  [
    'DELETE',
    /^\/api\/v1\/statuses\/([^/]+)$/,
    (server, _call, id) => {
      const post = postOf(server, id)
      if (!post || post.by !== server.world.own) return missing()
      const told = { ...status(server.world, post), text: post.text }
      server.world.remove(post)
      return done(told)
    },
  ],
  ['POST', /^\/api\/v1\/statuses\/([^/]+)\/favourite$/, onPost((_, post) => Object.assign(post, { liked: true }))],
  ['POST', /^\/api\/v1\/statuses\/([^/]+)\/unfavourite$/, onPost((_, post) => Object.assign(post, { liked: false }))],
  ['POST', /^\/api\/v1\/statuses\/([^/]+)\/reblog$/, onPost(boost)],
  [
    'POST',
    /^\/api\/v1\/statuses\/([^/]+)\/unreblog$/,
    onPost(({ world }, post) => {
      world.posts = world.posts.filter(({ boosts, by }) => boosts !== post || by !== world.own)
      return Object.assign(post, { reblogged: false })
    }),
  ],
  ...(['follow', 'mute', 'block'] as const).flatMap((name): [string, RegExp, Handler][] => [
    ['POST', new RegExp(`^/api/v1/accounts/([^/]+)/${name}$`), relation(name, true)],
    ['POST', new RegExp(`^/api/v1/accounts/([^/]+)/un${name}$`), relation(name, false)],
  ]),
  ['POST', /^\/api\/v1\/reports$/, report],
  ['POST', /^\/api\/v2\/media$/, (server, call) => (server.ways.mediaV2 ? upload(server, call, 1) : unknown(server))],
  ['POST', /^\/api\/v1\/media$/, (server, call) => upload(server, call, 0)],
  [
    'GET',
    /^\/api\/v1\/media\/([^/]+)$/,
    ({ world }, _call, id) => {
      const found = world.files.get(id)
      if (!found) return missing()
      const busy = found.busy-- > 0
      return { status: busy ? 206 : 200, body: file(world, busy ? { ...found, busy: 1 } : { ...found, busy: 0 }) }
    },
  ],
  [
    'GET',
    /^\/media\/([^/.]+)\.\w+$/,
    ({ world }, _call, id) => {
      const found = world.files.get(id)
      return found ? { status: 200, raw: found.bytes, headers: { 'content-type': found.type } } : missing()
    },
  ],
  [
    'GET',
    /^\/\.well-known\/webfinger$/,
    ({ origin }) => done({ links: [{ rel: 'self', type: 'application/activity+json', href: `${origin}/users/office` }] }),
  ],
]

const open = /^\/(api\/v[12]\/instance|api\/v1\/apps|oauth\/token|media\/|\.well-known\/)/

/** The answer of the server as it is. */
export function route(server: MastodonServer, call: Call): Reply {
  const token = call.headers.authorization?.replace(/^Bearer /, '') ?? ''
  if (!open.test(call.url.pathname) && !server.tokens.has(token)) {
    const words = {
      401: 'The access token is invalid',
      403: 'Your login is currently disabled',
      422: 'This method requires an authenticated user',
    }
    return error(server.ways.badToken, words[server.ways.badToken])
  }
  for (const [method, pattern, handler] of routes) {
    const match = call.method === method ? pattern.exec(call.url.pathname) : null
    if (match) return handler(server, call, decodeURIComponent(match[1] ?? ''))
  }
  return unknown(server)
}

/** What servers say of addresses that they do not know. */
function unknown({ ways }: MastodonServer): Reply {
  if (!ways.pages) return missing()
  return {
    status: 200,
    raw: '<!doctype html><title>Welcome</title><script>let a = [1]</script>',
    headers: { 'content-type': 'text/html' },
  }
}

function streamOf({ origin }: MastodonServer): string {
  return origin.replace(/^http/, 'ws')
}

function boost({ world }: MastodonServer, post: Post): Post {
  post.reblogged = true
  return world.posts.find(({ boosts, by }) => boosts === post && by === world.own) ?? world.post(world.own, '', { boosts: post })
}

function conversations(server: MastodonServer, call: Call): Reply {
  const { world, ways } = server
  if (!ways.conversations) return unknown(server)
  const direct = world.posts.filter(({ visibility }) => visibility === 'direct')
  const roots = new Map<Post, Post>()
  for (const post of direct) {
    let root = post
    while (root.answers) root = root.answers
    roots.set(root, post)
  }
  const all = [...roots].map(([root, last]) => ({ id: last.id, root, last })).sort((a, b) => (a.id < b.id ? -1 : 1))
  const { items, headers } = pageOf(server, call, all, 40)
  const body = items.map(({ root, last }) => ({
    id: `c${root.id}`,
    unread: true,
    accounts: [account(world, last.by)],
    last_status: status(world, last),
  }))
  return { status: 200, body, headers }
}

function report({ world }: MastodonServer, { body = {} }: Call): Reply {
  const person = world.people.find(({ id }) => id === body['account_id'])
  if (!person) return missing()
  const posts = (body['status_ids'] as string[] | undefined) ?? []
  world.reports.push({ by: 'office', about: person.name, comment: String(body['comment'] ?? ''), posts })
  return done({
    id: world.id(),
    action_taken: false,
    action_taken_at: null,
    category: 'other',
    comment: body['comment'] ?? '',
    forwarded: false,
    created_at: new Date().toISOString(),
    status_ids: posts,
    rule_ids: null,
    target_account: account(world, person),
  })
}

function registerApp(server: MastodonServer, { body = {} }: Call): Reply {
  const id = `app-${server.apps.size + 1}`
  const redirect = String(body['redirect_uris'])
  server.apps.set(id, { redirect, challenge: '', code: '' })
  return done({
    id: String(server.apps.size),
    name: body['client_name'],
    website: null,
    scopes: ['read', 'write'],
    redirect_uri: redirect,
    redirect_uris: [redirect],
    client_id: id,
    client_secret: 'app-secret',
    client_secret_expires_at: 0,
  })
}

function giveToken(server: MastodonServer, { body = {} }: Call): Reply {
  const app = server.apps.get(String(body['client_id']))
  if (!app || body['code'] !== 'the-code' || body['redirect_uri'] !== app.redirect) {
    return { status: 400, body: { error: 'invalid_grant', error_description: 'The provided authorization grant is invalid' } }
  }
  return done({ access_token: server.token, token_type: 'Bearer', scope: 'read write', created_at: 1_700_000_000 })
}
