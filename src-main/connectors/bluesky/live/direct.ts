import { z } from 'zod'
import type { IncomingMessage, Rendered } from '#connectors/connector.ts'
import { searchText } from '#connectors/kit/plain.ts'
import { instantOf, parseInstant } from '#connectors/kit/text.ts'
import type { Party } from '#shared/model/index.ts'
import { limits } from '../limits.ts'
import { type Post, readPost } from '../record.ts'
import { postHtml, textOf } from '../render.ts'
import { inModel } from './own.ts'
import { parseJson } from './values.ts'

export const DIRECT_TYPE = 'application/json; lexicon=chat.bsky.convo.defs#messageView'

const line = z.string().transform((text) => text.slice(0, limits.partyChars))
export const Member = z.object({ did: z.string(), handle: line.catch(''), displayName: line.optional().catch(undefined) })
export type Member = z.infer<typeof Member>

export const MessageView = z.object({
  id: z.string().min(1).max(200),
  text: z.string(),
  sender: z.object({ did: z.string() }),
  sentAt: z.string(),
})
export type MessageView = z.infer<typeof MessageView>

/** A direct message. @param own DID of the account. */
export function directMessage(
  view: MessageView,
  raw: Uint8Array,
  convo: { id: string; members: Member[] },
  own: string,
  endpoint: string,
): IncomingMessage {
  const party = (did: string): Party => {
    const member = convo.members.find((one) => one.did === did)
    return { name: member?.displayName ?? '', handle: member?.handle || did }
  }
  const outbound = view.sender.did === own
  const others = convo.members.filter(({ did }) => did !== view.sender.did)
  const id = remoteIdOf(convo.id, view.id)
  return {
    remoteId: id,
    place: id,
    threadKeys: [`chat:${convo.id}`],
    kind: 'direct',
    direction: outbound ? 'outbound' : 'inbound',
    from: party(view.sender.did),
    to: others.map(({ did }) => party(did)),
    cc: [],
    subject: '',
    at: parseInstant(view.sentAt) ?? (instantOf(0) as string),
    text: textIn(raw, view.text),
    read: outbound,
    answered: false,
    attachments: [],
    link: null,
    raw: new Uint8Array(raw),
    mediaType: DIRECT_TYPE,
    endpoint,
    // Reactions change by themselves.
    volatile: true,
  }
}

export function remoteIdOf(convoId: string, messageId: string): string {
  return `chat:${convoId}/${messageId}`
}

/** The conversation that a direct message's id names; null for other ids. */
export function convoOf(remoteId: string): string | null {
  return /^chat:([^/]+)\/[^/]+$/.exec(remoteId)?.[1] ?? null
}

/** What a person reads of a direct message. */
export function renderDirect(raw: Uint8Array): Rendered {
  const post = postIn(raw)
  if (post === null) return { html: null, text: '', damaged: true, attachments: [] }
  return { html: postHtml(post), text: textOf(post), damaged: false, attachments: [] }
}

function textIn(raw: Uint8Array, plain: string): string {
  const post = postIn(raw)
  return post === null ? searchText(plain) : textOf(post)
}

/** Text and links are those of a post; what it shows besides is a post of the network. */
function postIn(raw: Uint8Array): Post | null {
  const view = z
    .object({ text: z.string(), facets: z.unknown().optional(), embed: z.unknown().optional() })
    .safeParse(parseJson(raw)).data
  if (view === undefined) return null
  const shown = z.object({ record: z.object({ uri: z.string() }) }).safeParse(view.embed).data
  const embed = shown === undefined ? {} : { embed: { $type: 'app.bsky.embed.record', record: { uri: shown.record.uri } } }
  return readPost(inModel({ $type: 'app.bsky.feed.post', text: view.text, facets: view.facets ?? [], ...embed }))
}
