import type { Ways } from './ways.ts'

export interface Person {
  id: string
  name: string
  /** Empty for people of the server itself. */
  domain: string
  display: string
}

export interface Post {
  id: string
  uri: string
  by: Person
  text: string
  warning: string
  at: Date
  edited: Date | null
  visibility: string
  answers: Post | null
  mentions: Person[]
  media: string[]
  boosts: Post | null
  quotes: Post | null
  poll: string[]
  likes: number
  reblogs: number
  liked: boolean
  reblogged: boolean
  language: string | null
  /** Earlier texts, oldest first. */
  history: { text: string; warning: string; at: Date }[]
}

export interface Notification {
  id: string
  type: string
  by: Person
  post: Post | null
  at: Date
}

export interface File {
  id: string
  bytes: Buffer
  type: string
  alt: string
  /** Questions to answer with "not yet". */
  busy: number
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What a server knows: people, posts, notifications. Newest last. */
export class World {
  readonly ways: Ways
  readonly own: Person
  readonly people: Person[] = []
  posts: Post[] = []
  notifications: Notification[] = []
  readonly files = new Map<string, File>()
  readonly relations = new Map<string, Set<string>>()
  readonly reports: { by: string; about: string; comment: string; posts: string[] }[] = []
  origin = ''
  #counter = 0

  constructor(ways: Ways) {
    this.ways = ways
    this.own = this.person('office', '', 'House of Examplia')
  }

  get host(): string {
    return new URL(this.origin).host
  }

  /** Ids grow, but a client may not rely on how they are written. */
  id(): string {
    const n = ++this.#counter
    if (this.ways.ids === 'digits') return String(110_000_000_000_000_000n + BigInt(n))
    let text = ''
    for (let rest = n, i = 0; i < 8; i++, rest = Math.floor(rest / 32)) text = LETTERS[rest % 32] + text
    return `01KA${text}`
  }

  person(name: string, domain = 'elsewhere.example', display = name): Person {
    const known = this.people.find((one) => one.name === name && one.domain === domain)
    if (known) return known
    const made = { id: this.id(), name, domain, display }
    this.people.push(made)
    return made
  }

  post(by: Person, text: string, change: Partial<Post> = {}): Post {
    const id = this.id()
    const base = by.domain === '' ? this.origin : `https://${by.domain}`
    const post: Post = {
      id,
      uri: `${base}/users/${by.name}/statuses/${id}${change.boosts ? '/activity' : ''}`,
      by,
      text,
      warning: '',
      at: new Date(),
      edited: null,
      visibility: 'public',
      answers: null,
      mentions: [],
      media: [],
      boosts: null,
      quotes: null,
      poll: [],
      likes: 0,
      reblogs: 0,
      liked: false,
      reblogged: false,
      language: 'en',
      history: [],
      ...change,
    }
    this.posts.push(post)
    return post
  }

  /** A post of somebody that names the account. */
  mention(by: Person, text: string, change: Partial<Post> = {}): Post {
    const post = this.post(by, text, { mentions: [this.own], ...change })
    this.notify('mention', by, post, post.at)
    return post
  }

  notify(type: string, by: Person, post: Post | null, at = new Date()): Notification {
    const notification = { id: this.id(), type, by, post, at }
    this.notifications.push(notification)
    return notification
  }

  find(id: string): Post | null {
    return this.posts.find((post) => post.id === id) ?? null
  }

  edit(post: Post, text: string, warning = post.warning): void {
    if (post.text !== text || post.warning !== warning) {
      post.history.push({ text: post.text, warning: post.warning, at: post.edited ?? post.at })
      const last = post.edited ?? post.at
      post.edited = new Date(Math.max(Date.now(), last.getTime() + 1))
    }
    post.text = text
    post.warning = warning
  }

  remove(post: Post): void {
    this.posts = this.posts.filter((one) => one !== post && one.boosts !== post)
    this.notifications = this.notifications.filter((one) => one.post !== post)
    for (const one of this.posts) if (one.answers === post) one.answers = null
  }

  get ownPosts(): Post[] {
    return this.posts.filter(({ by }) => by === this.own)
  }
}
