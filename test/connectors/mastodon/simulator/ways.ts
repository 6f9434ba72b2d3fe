/** In what a server differs from Mastodon itself. Each is seen with servers in the field. */
export interface Ways {
  instance: 'v2' | 'v1' | 'none'
  version: string
  /** `/api/v2/notifications`. */
  grouped: boolean
  streaming: boolean
  /** Remembers an `Idempotency-Key`. */
  keys: boolean
  ids: 'digits' | 'letters'
  /** The last entry of a page comes again as the first of the next, and one comes twice on a page. */
  repeats: boolean
  /** How a token is refused that is not good. */
  badToken: 401 | 403 | 422
  /** What is not known is a web page. */
  pages: boolean
  conversations: boolean
  /** `edited_at`, history and source. */
  edits: boolean
  /** The account says its address in ActivityPub. */
  accountUri: boolean
  /** `Link` headers; without them there is one page. */
  links: boolean
  /** `/api/v2/media`. */
  mediaV2: boolean
  /** Text comes in other elements than `p`. */
  markup: 'p' | 'div'
  /** Statuses that a search finds by their address. */
  search: boolean
}

export const mastodon: Ways = {
  instance: 'v2',
  version: '4.5.1',
  grouped: true,
  streaming: true,
  keys: true,
  ids: 'digits',
  repeats: false,
  badToken: 401,
  pages: false,
  conversations: true,
  edits: true,
  accountUri: true,
  links: true,
  mediaV2: true,
  markup: 'p',
  search: true,
}

/** A server that only speaks like it, as plain as they come. */
export const plain: Ways = {
  instance: 'v1',
  version: '2.7.2 (compatible; Akin 1.0.0)',
  grouped: false,
  streaming: false,
  keys: false,
  ids: 'letters',
  repeats: true,
  badToken: 422,
  pages: true,
  conversations: false,
  edits: false,
  accountUri: false,
  links: true,
  mediaV2: false,
  markup: 'div',
  search: false,
}
