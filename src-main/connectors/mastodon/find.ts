import { htmlText } from '#connectors/kit/html.ts'
import { fieldsOf, listOf, textOf } from '#connectors/kit/shape.ts'
import { parseInstant } from '#connectors/kit/text.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import type { Context, Outgoing, Sent } from '../connector.ts'
import { Refused } from './faults.ts'
import { answerOf } from './gather.ts'
import { nextQuery, type Piece, piecesOf } from './pages.ts'
import { postMessage } from './post.ts'
import { textWithNames } from './send.ts'
import type { Session } from './session.ts'
import { idOf } from './target.ts'

/** How far the time at which a post was made may lie before the one at which it was queued, by the server's clock. */
const SLACK_MS = 60_000
const MOST_PAGES = 25

/**
 * Looks for an item among the account's own newest posts: the same words, answering the same post, made since it was queued.
 * @param sent which items posts are of that this process sent: two items may have the same words.
 * @returns null when it is not there. Where the server remembers keys, sending again with the same key makes no second one either.
 * @throws ConnectorFault when that cannot be said now.
 */
export async function findSent(
  context: Context<MastodonSettings>,
  session: Session,
  item: Outgoing,
  sent: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Sent | null> {
  const { api, own } = session
  const { content, target } = item
  if (content.do === 'delete')
    return target && (await isGone(session, await idOf(target, api, signal), signal)) ? { message: null } : null
  if (content.do !== 'publish') return null
  const words = plain(textWithNames(item, content, session))
  const answers = target ? await idOf(target, api, signal) : ''
  const path = `/api/v1/accounts/${encodeURIComponent(own.id)}/statuses`
  let query: string | null = 'limit=40&exclude_reblogs=true'
  for (let page = 0; query !== null && page < MOST_PAGES; page++) {
    const answer = await api.get(`${path}?${query}`, signal)
    const { headers, clockOffsetMs } = answerOf(answer, context.clock.now())
    const since = Date.parse(item.queuedAt) - (clockOffsetMs ?? 0) - SLACK_MS
    const statuses = piecesOf(answer, api.host).found.map(({ piece }) => piece)
    for (const piece of statuses) {
      if (madeAt(piece) < since || textOf(piece.fields['in_reply_to_id']) !== answers) continue
      if (listOf(piece.fields['media_attachments']).length !== content.media.length) continue
      if (textOf(piece.fields['spoiler_text']).trim() !== content.warning.trim()) continue
      const message = postMessage(piece, own, { endpoint: answer.endpoint })
      const other = message && sent.get(message.remoteId)
      if (!message || (other !== undefined && other !== item.key)) continue
      if (await says(session, piece, words, signal)) return { message, answer: { headers, clockOffsetMs } }
    }
    const last = statuses.at(-1)
    if (!last || madeAt(last) < since) return null
    query = nextQuery(answer, path)
  }
  return null
}

function madeAt({ fields }: Piece): number {
  return Date.parse(parseInstant(fields['created_at']) ?? '9999-12-31T00:00:00.000Z')
}

/** Whether a post has these words: by what was typed, where the server still tells it; else by what it made of it. */
async function says({ api }: Session, piece: Piece, words: string, signal: AbortSignal): Promise<boolean> {
  if (plain(htmlText(textOf(piece.fields['content']))) === words) return true
  const source = await api.find(`/api/v1/statuses/${encodeURIComponent(textOf(piece.fields['id']))}/source`, signal)
  return source !== null && plain(textOf(fieldsOf(api.parse(source))?.['text'])) === words
}

/** Words as they are compared: servers shorten handles of their own, and change blanks. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/(^|\s)@([\w.-]+)@[\w.-]+/g, '$1@$2')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether a post that was to be deleted is gone. */
async function isGone({ api }: Session, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await api.get(`/api/v1/statuses/${encodeURIComponent(id)}`, signal)
    return false
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.status === 410)) return true
    throw error
  }
}
