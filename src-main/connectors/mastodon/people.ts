import { htmlText } from '#connectors/kit/html.ts'
import { isWebAddress } from '#connectors/kit/plain.ts'
import { type Fields, fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { oneLine, parseInstant } from '#connectors/kit/text.ts'
import type { IncomingProfile } from '../connector.ts'
import { handleOf, type Own } from './own.ts'
import { memberOf, type Piece } from './pages.ts'
import { countsBy } from './post.ts'

/** Media type of records: one account (docs.joinmastodon.org/entities/Account). */
const ACCOUNT = 'application/json; mastodon=account'

/** A person is told of again after this; the office keeps what is other than before. */
const AGAIN_MS = 24 * 60 * 60_000
/** People remembered as told of. */
const MOST_TOLD = 10_000

const counters = [
  ['followers', 'followers_count'],
  ['following', 'following_count'],
  ['posts', 'statuses_count'],
] as const

/** What a server counts of an account. */
export const accountCounts = (account: Fields) => countsBy(account, counters)

/** Who an account is, with the bytes that said so; null for what names nobody. */
export function profileOf({ fields, raw }: Piece, own: Own, at: string, endpoint: string): IncomingProfile | null {
  const handle = handleOf(fields, own.domain)
  if (handle === '') return null
  const link = textOf(fields['url'])
  const about = [
    htmlText(textOf(fields['note'])),
    ...listOf(fields['fields']).flatMap((entry) => {
      const field = fieldsOf(entry)
      return field ? [`${oneLine(textOf(field['name']))}: ${htmlText(textOf(field['value']))}`] : []
    }),
  ]
  return {
    profile: {
      handle,
      userId: textOf(fields['uri']) || link || `${own.origin}/accounts/${textOf(fields['id'])}`,
      name: oneLine(textOf(fields['display_name'])),
      about: about
        .filter((part) => part !== '')
        .join('\n')
        .slice(0, 20_000),
      link: isWebAddress(link) ? link : null,
      since: parseInstant(fields['created_at']),
      automated: fields['bot'] === true,
      at,
      counts: accountCounts(fields),
    },
    raw,
    mediaType: ACCOUNT,
    endpoint,
  }
}

/** Tells of the people who wrote, each once a day. */
export class People {
  readonly #own: Own
  readonly #told = new Map<string, number>()

  constructor(own: Own) {
    this.#own = own
  }

  /** The author of a status, where it is time to tell of them. @param now ms since 1970. */
  author(status: Piece, now: number, endpoint: string): IncomingProfile[] {
    const id = textOf(fieldsOf(status.fields['account'])?.['id'])
    if (id === '' || now - (this.#told.get(id) ?? -Infinity) < AGAIN_MS) return []
    const account = memberOf(status, 'account')
    return account ? this.account(account, now, endpoint) : []
  }

  /** The same for an account that was told by itself. */
  account(account: Piece, now: number, endpoint: string): IncomingProfile[] {
    const id = textOf(account.fields['id'])
    if (now - (this.#told.get(id) ?? -Infinity) < AGAIN_MS) return []
    const profile = profileOf(account, this.#own, new Date(now).toISOString(), endpoint)
    if (!profile) return []
    if (this.#told.size >= MOST_TOLD) this.#told.clear()
    this.#told.set(id, now)
    return [profile]
  }
}
