import { z } from 'zod'
import type { Outgoing, SourceMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { OutgoingContent, OutgoingMedia } from '#shared/model/index.ts'
import { tryDecode } from '../car.ts'
import { DIRECT_TYPE } from './direct.ts'
import { facetsOf } from './facets.ts'
import { BLOCK_TYPE, inModel } from './own.ts'
import { cidOf, parseJson } from './values.ts'

/** The most that a post may have (lexicons `app.bsky.feed.post` and `app.bsky.embed.images`). */
export const most = {
  graphemes: 300,
  bytes: 3000,
  images: 4,
  /** Bytes of one picture. */
  imageBytes: 2_000_000,
  imageTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  alt: 2000,
  direct: { graphemes: 1000, bytes: 10_000 },
} as const

export type Publish = Extract<OutgoingContent, { do: 'publish' }>

/** A version of a record, as others name it. */
export interface StrongRef {
  uri: string
  cid: string
}

/** What composing needs of the network. */
export interface Tools {
  /** The DID of a handle; null where nobody has it. */
  resolve(handle: string): Promise<string | null>
  /** Puts a picture on the server. @returns the blob as a record names it. */
  upload(media: OutgoingMedia): Promise<unknown>
  /** Milliseconds since 1970. */
  now: number
}

/** The record of a post, reply or part of a thread, in the network's JSON. @throws ConnectorFault `untaken` for what it cannot be. */
export async function postRecord(item: Outgoing, content: Publish, tools: Tools): Promise<Record<string, unknown>> {
  const { text, language, media } = content
  refuseLong(text, most)
  if (media.length > most.images) throw refused(`more than ${most.images} pictures`)
  const reply = item.target === null ? undefined : replyTo(item.target)
  const facets = await facetsOf(text, (handle) => tools.resolve(handle))
  const embed = await embedOf(item, media, tools)
  return {
    $type: 'app.bsky.feed.post',
    text,
    ...(facets.length > 0 ? { facets } : {}),
    ...(reply === undefined ? {} : { reply }),
    ...(embed === null ? {} : { embed }),
    ...(language === null ? {} : { langs: [language] }),
    createdAt: new Date(tools.now).toISOString(),
  }
}

/** @throws ConnectorFault for a text that is longer than the network takes. */
export function refuseLong(text: string, limit: { graphemes: number; bytes: number }): void {
  const graphemes = [...new Intl.Segmenter().segment(text)].length
  if (graphemes > limit.graphemes) throw refused(`${graphemes} characters, and ${limit.graphemes} is the most`)
  const bytes = Buffer.byteLength(text)
  if (bytes > limit.bytes) throw refused(`${bytes} bytes, and ${limit.bytes} is the most`)
}

/** The network would not take it, whatever is tried. */
export function refused(detail: string, options: ErrorOptions = {}): ConnectorFault {
  return new ConnectorFault('decision', 'server_error', { host: 'Bluesky', detail }, { ...options, untaken: true })
}

async function embedOf(item: Outgoing, media: OutgoingMedia[], tools: Tools): Promise<Record<string, unknown> | null> {
  const images: unknown[] = []
  for (const file of media) images.push({ image: await tools.upload(file), alt: file.alt })
  const pictures = images.length === 0 ? null : { $type: 'app.bsky.embed.images', images }
  if (item.quote === null) return pictures
  const record = { $type: 'app.bsky.embed.record', record: refOf(item.quote) }
  return pictures === null ? record : { $type: 'app.bsky.embed.recordWithMedia', record, media: pictures }
}

/** Root and parent of an answer: a thread keeps the root of the post that is answered. */
function replyTo(target: SourceMessage): { root: StrongRef; parent: StrongRef } {
  const parent = refOf(target)
  const Ref = z.object({ uri: z.string(), cid: z.string() })
  const root = z.object({ reply: z.object({ root: Ref }) }).safeParse(recordOf(target)).data?.reply.root
  return { root: root === undefined ? parent : { uri: root.uri, cid: root.cid }, parent }
}

/** The record in a message's bytes, in the data model; undefined where there is none. */
export function recordOf({ raw, mediaType }: Pick<SourceMessage, 'raw' | 'mediaType'>): unknown {
  if (mediaType === BLOCK_TYPE) return tryDecode(raw)
  if (mediaType === DIRECT_TYPE) return undefined
  const view = z.object({ record: z.unknown().optional(), value: z.unknown().optional() }).safeParse(parseJson(raw)).data
  return inModel(view?.record ?? view?.value)
}

/** @throws ConnectorFault for a message that is no record of the network. */
export function refOf(message: SourceMessage): StrongRef {
  const { remoteId: uri, raw, mediaType } = message
  if (!uri.startsWith('at://')) throw refused('a message that cannot be answered or quoted in public')
  if (mediaType === BLOCK_TYPE) return { uri, cid: cidOf(raw) }
  const cid = z.object({ cid: z.string() }).safeParse(parseJson(raw)).data?.cid
  if (cid === undefined) throw refused('a message whose version is not known')
  return { uri, cid }
}
