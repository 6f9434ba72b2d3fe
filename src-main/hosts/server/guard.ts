import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Links and sessions kept at one time; the oldest link gives way. */
const MAX_LINKS = 20

/**
 * Who may talk to the server host: whoever opened a link that this program made. A link's token works once and is turned
 * into a cookie. Tokens and cookies are kept as hashes and compared in constant time.
 */
export class Guard {
  readonly #port: number
  readonly #links = new Map<string, Buffer>()
  readonly #sessions = new Map<string, Buffer>()

  constructor(port: number) {
    this.#port = port
  }

  /** Where the interface is, without a token. */
  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** A new link that lets one browser in. */
  link(): string {
    const token = randomBytes(32).toString('base64url')
    const oldest = this.#links.keys().next()
    if (this.#links.size >= MAX_LINKS && !oldest.done) this.#links.delete(oldest.value)
    this.#links.set(randomBytes(8).toString('hex'), digest(token))
    return `${this.origin}/?token=${token}`
  }

  /** Uses up a link's token. @returns the cookie to set, or null when there is no such link. */
  redeem(token: string): string | null {
    const link = find(this.#links, token)
    if (link === null) return null
    this.#links.delete(link)
    const session = randomBytes(32).toString('base64url')
    this.#sessions.set(randomBytes(8).toString('hex'), digest(session))
    return `${this.#cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`
  }

  /** Whether the request carries a cookie that this program gave. */
  knows(headers: IncomingHttpHeaders): boolean {
    const prefix = `${this.#cookie}=`
    const values = (headers.cookie ?? '').split(';').map((part) => part.trim())
    return values.some((part) => part.startsWith(prefix) && find(this.#sessions, part.slice(prefix.length)) !== null)
  }

  /** Whether the request was meant for this server by its name, so that no other name can be pointed at it. */
  isOurs(headers: IncomingHttpHeaders): boolean {
    return this.#hosts.includes(headers.host ?? '')
  }

  /** Whether a page of another origin caused the request, as far as the browser tells. */
  isForeign(headers: IncomingHttpHeaders): boolean {
    const { origin } = headers
    if (origin !== undefined && origin !== `http://${headers.host}`) return true
    const site = headers['sec-fetch-site']
    return site !== undefined && site !== 'same-origin' && site !== 'none'
  }

  get #hosts(): string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`]
  }

  // Cookies are shared by all ports of a host; the name keeps two offices apart.
  get #cookie(): string {
    return `dispatch-${this.#port}`
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function find(kept: Map<string, Buffer>, secret: string): string | null {
  const wanted = digest(secret)
  let found: string | null = null
  for (const [name, hash] of kept) if (timingSafeEqual(hash, wanted)) found = name
  return found
}
