import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { BlogSettings } from '#shared/model/index.ts'

export const USER = 'press'
export const PASSWORD = 'abcdEFGHijklMNOPqrstUVWX'
export const USER_ID = 7

export interface Post {
  id: number
  title: string
  content: string
  status: string
  /** ms since 1970; WordPress keeps seconds. */
  date: number
  modified: number
}
export interface Comment {
  id: number
  post: number
  parent: number
  author: number
  name: string
  content: string
  status: 'approved' | 'hold' | 'spam' | 'trash'
  date: number
}

/** What one request meets in the place of an honest answer. Returns true when it answered. */
export type Fault = (response: ServerResponse, honest: () => string) => boolean

/**
 * A WordPress site as far as its REST API goes, written to the handbook:
 * posts <https://developer.wordpress.org/rest-api/reference/posts/>, comments <https://developer.wordpress.org/rest-api/reference/comments/>,
 * users/me <https://developer.wordpress.org/rest-api/reference/users/>, pages and totals
 * <https://developer.wordpress.org/rest-api/using-the-rest-api/pagination/>, discovery
 * <https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/>. What sites do differently is a switch each.
 */
export class WordPress {
  posts: Post[] = []
  comments: Comment[] = []
  readonly requests: { method: string; url: string; body: string }[] = []
  faults: Fault[] = []
  refusing = false
  stalling = false
  /** Routes in the query, `?rest_route=`. */
  plain = false
  /** The site lies in a folder of its host. */
  folder = ''
  /** No `Link` header: only the page names the interface. */
  headerless = false
  /** A plugin took the interface away. */
  off = false
  /** The user may neither edit nor moderate. */
  reader = false
  /** A list shows each of these ids twice. */
  readonly twice = new Set<number>()
  url = ''
  #now: number
  #ids = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => void this.#handle(request, response))

  constructor(now = Math.floor(Date.now() / 1000) * 1000) {
    this.#now = now
  }

  async start(): Promise<void> {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.folder}`
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.drop()
    })
  }

  get api(): string {
    return this.plain ? `${this.url}/?rest_route=/` : `${this.url}/wp-json/`
  }

  settings(): BlogSettings {
    return { site: this.url, api: this.api, user: USER, userId: USER_ID, title: 'The House', every: 2 }
  }

  write(post: Partial<Post> = {}): Post {
    const now = this.#tick()
    const made = {
      id: ++this.#ids,
      title: 'A title',
      content: '<p>words</p>',
      status: 'publish',
      date: now,
      modified: now,
      ...post,
    }
    this.posts.push(made)
    return made
  }

  change(post: Post, change: Partial<Post>): void {
    Object.assign(post, { modified: this.#tick() }, change)
  }

  say(comment: Partial<Comment>): Comment {
    const made: Comment = {
      id: ++this.#ids,
      post: this.posts[0]?.id ?? 0,
      parent: 0,
      author: 0,
      name: 'A reader',
      content: 'hello',
      status: 'approved',
      date: this.#tick(),
      ...comment,
    }
    this.comments.push(made)
    return made
  }

  /** A second later than the last time. */
  #tick(): number {
    this.#now += 1000
    return this.#now
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const url = new URL(request.url ?? '', this.url)
    this.requests.push({ method: request.method ?? '', url: url.href, body })
    if (this.stalling) return
    const route = this.#route(url)
    const answer = () => this.#answer(request.method ?? 'GET', route ?? '', url.searchParams, body)
    if (this.faults.shift()?.(response, () => JSON.stringify(answer().value))) return
    if (route === null) return this.#page(response)
    if (this.off) return refuse(response, 404, 'rest_no_route', 'No route was found matching the URL and request method.')
    const known = request.headers.authorization === `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
    if (route !== '' && (!known || this.refusing))
      return refuse(response, 401, 'incorrect_password', 'The provided password is wrong.')
    const { status, value, headers } = answer()
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
    response.end(JSON.stringify(value))
  }

  /** The route of an address: null for a page, empty for the root of the interface. */
  #route(url: URL): string | null {
    const plain = url.searchParams.get('rest_route')
    if (this.plain) return plain === null ? null : plain.replace(/^\/|\/$/g, '')
    const start = `${this.folder}/wp-json/`
    return url.pathname.startsWith(start) ? url.pathname.slice(start.length).replace(/\/$/, '') : null
  }

  #page(response: ServerResponse): void {
    const link = this.headerless ? {} : { link: `<${this.api}>; rel="https://api.w.org/"` }
    response.writeHead(200, { 'content-type': 'text/html', ...link })
    response.end(`<!doctype html><head><link rel='https://api.w.org/' href='${this.api}'></head><p>Welcome`)
  }

  #answer(method: string, route: string, query: URLSearchParams, body: string): Answer {
    if (route === '') {
      return ok({ name: 'The House', url: this.url, home: this.url, namespaces: ['oembed/1.0', 'wp/v2'], routes: {} })
    }
    const edit = query.get('context') === 'edit'
    if (route === 'wp/v2/users/me') {
      return ok({ id: USER_ID, name: 'Press office', capabilities: this.reader ? {} : { moderate_comments: true } })
    }
    const [, kind, id] = /^wp\/v2\/(posts|comments)(?:\/(\d+))?$/.exec(route) ?? []
    if (kind === undefined) return no(404, 'rest_no_route', 'No route was found matching the URL and request method.')
    const restricted = edit || query.get('status') === 'all' || method !== 'GET'
    if (restricted && this.reader) return no(403, 'rest_forbidden_context', 'Sorry, you are not allowed to edit this.')
    if (id === undefined && method === 'GET')
      return kind === 'posts' ? this.#listPosts(query, edit) : this.#listComments(query, edit)
    const value = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)
    return kind === 'posts'
      ? this.#onePost(method, Number(id ?? 0), value, edit)
      : this.#oneComment(method, Number(id ?? 0), value, edit)
  }

  #onePost(method: string, id: number, value: Record<string, unknown>, edit: boolean): Answer {
    const words = { title: String(value['title'] ?? ''), content: String(value['content'] ?? '') }
    if (id === 0) return { status: 201, value: this.#post(this.write({ ...words, status: String(value['status']) }), true) }
    const post = this.posts.find((one) => one.id === id)
    if (!post) return no(404, 'rest_post_invalid_id', 'Invalid post ID.')
    if (method === 'DELETE') this.change(post, { status: 'trash' })
    if (method === 'POST') this.change(post, words)
    return ok(this.#post(post, edit || method !== 'GET'))
  }

  #oneComment(method: string, id: number, value: Record<string, unknown>, edit: boolean): Answer {
    if (id === 0) return this.#newComment(value)
    const comment = this.comments.find((one) => one.id === id)
    if (!comment) return no(404, 'rest_comment_invalid_id', 'Invalid comment ID.')
    if (method === 'DELETE') comment.status = 'trash'
    const wish = String(value['status'] ?? '')
    const wishes = {
      approved: 'approved',
      approve: 'approved',
      hold: 'hold',
      spam: 'spam',
      trash: 'trash',
      unspam: 'approved',
      untrash: 'approved',
    } as const
    if (wish in wishes) comment.status = wishes[wish as keyof typeof wishes]
    if (typeof value['content'] === 'string') comment.content = value['content']
    return ok(this.#comment(comment, edit || method !== 'GET'))
  }

  #newComment(value: Record<string, unknown>): Answer {
    const [post, parent, content] = [Number(value['post']), Number(value['parent'] ?? 0), String(value['content'])]
    if (!this.posts.some((one) => one.id === post))
      return no(403, 'rest_comment_invalid_post_id', 'Sorry, there is no such post.')
    const same = (one: Comment) => one.post === post && one.parent === parent && one.content === content && one.author === USER_ID
    if (this.comments.some(same)) return no(409, 'comment_duplicate', 'Duplicate comment detected.')
    return { status: 201, value: this.#comment(this.say({ post, parent, content, author: USER_ID, name: 'Press office' }), true) }
  }

  #listPosts(query: URLSearchParams, edit: boolean): Answer {
    const before = Date.parse(query.get('modified_before') ?? '9999-12-31')
    const fits = this.posts.filter(({ status, modified }) => status === 'publish' && modified < before)
    const byId = query.get('orderby') === 'id'
    fits.sort((one, other) => (byId ? one.id - other.id : other.modified - one.modified || other.id - one.id))
    return this.#list(fits, query, (post) => this.#post(post, edit))
  }

  #listComments(query: URLSearchParams, edit: boolean): Answer {
    const before = Date.parse(query.get('before') ?? '9999-12-31')
    const all = query.get('status') === 'all'
    const seen = (status: string) => status === 'approved' || (all && status === 'hold')
    const fits = this.comments.filter(({ status, date }) => seen(status) && date < before)
    const byId = query.get('orderby') === 'id'
    fits.sort((one, other) => (byId ? one.id - other.id : other.date - one.date || other.id - one.id))
    return this.#list(fits, query, (comment) => this.#comment(comment, edit))
  }

  #list<Item extends { id: number }>(fits: Item[], query: URLSearchParams, show: (item: Item) => object): Answer {
    const shown = fits.flatMap((item) => (this.twice.has(item.id) ? [item, item] : [item]))
    const [size, page] = [Number(query.get('per_page') ?? 10), Number(query.get('page') ?? 1)]
    const pages = Math.ceil(shown.length / size)
    if (page > 1 && page > pages)
      return no(400, 'rest_post_invalid_page_number', 'The page number requested is larger than the number of pages available.')
    const fields = query.get('_fields')
    const value = shown.slice((page - 1) * size, page * size).map((item) => (fields === 'id' ? { id: item.id } : show(item)))
    return { status: 200, value, headers: { 'x-wp-total': String(shown.length), 'x-wp-totalpages': String(pages) } }
  }

  #post(post: Post, edit: boolean): object {
    return {
      id: post.id,
      ...dates('date', post.date),
      guid: { rendered: `${this.url}/?p=${post.id}` },
      ...dates('modified', post.modified),
      slug: `p-${post.id}`,
      status: post.status,
      type: 'post',
      link: `${this.url}/p-${post.id}/`,
      title: { rendered: escaped(post.title), ...(edit && { raw: post.title }) },
      content: { rendered: post.content, protected: false, ...(edit && { raw: post.content, block_version: 0 }) },
      author: USER_ID,
      comment_status: 'open',
      _links: { self: [{ href: `${this.api}wp/v2/posts/${post.id}` }] },
    }
  }

  #comment(comment: Comment, edit: boolean): object {
    return {
      id: comment.id,
      post: comment.post,
      parent: comment.parent,
      author: comment.author,
      author_name: comment.name,
      author_url: '',
      ...dates('date', comment.date),
      content: { rendered: `<p>${comment.content}</p>\n`, ...(edit && { raw: comment.content }) },
      link: `${this.url}/p-${comment.post}/#comment-${comment.id}`,
      status: comment.status,
      type: 'comment',
      ...(edit && { author_email: comment.author === 0 ? 'reader@example.org' : 'press@example.org', author_ip: '192.0.2.1' }),
      _links: {},
    }
  }
}

interface Answer {
  status: number
  value: unknown
  headers?: Record<string, string>
}

const ok = (value: unknown): Answer => ({ status: 200, value })
const no = (status: number, code: string, message: string): Answer => ({ status, value: { code, message, data: { status } } })

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' })
  response.end(JSON.stringify(no(status, code, message).value))
}

/** A site two hours ahead of UTC. */
function dates(name: string, ms: number): Record<string, string> {
  const text = (at: number) => new Date(at).toISOString().slice(0, 19)
  return { [name]: text(ms + 2 * 60 * 60_000), [`${name}_gmt`]: text(ms) }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

export const faults = {
  status:
    (status: number, body = '', headers: Record<string, string> = {}): Fault =>
    (response) => {
      response.writeHead(status, { 'content-type': 'text/html', ...headers })
      response.end(body)
      return true
    },
  closed: ((response) => {
    response.destroy()
    return true
  }) satisfies Fault,
  cut: ((response, honest) => {
    const text = honest()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text) + 1) })
    response.write(text.slice(0, text.length / 2), () => response.destroy())
    return true
  }) satisfies Fault,
  /** It is done, and the answer never comes. */
  dropped: ((response, honest) => {
    honest()
    response.destroy()
    return true
  }) satisfies Fault,
  body:
    (body: Uint8Array | string): Fault =>
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-wp-total': '1', 'x-wp-totalpages': '1' })
      response.end(body)
      return true
    },
}
