import { z } from 'zod'
import type { Answer, Context, IncomingMessage, Outgoing, Sent } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import type { BlueskySettings, OutgoingMedia, SendLimits } from '#shared/model/index.ts'
import type { Author } from '../message.ts'
import { type ActTools, acts, carryOut, deleteRecord, hasRecord, isDone } from './acts.ts'
import type { Chat } from './chat.ts'
import { most, type Publish, postRecord, refused, refuseLong } from './compose.ts'
import { convoOf } from './direct.ts'
import { facetsOf } from './facets.ts'
import { isDid } from './identity.ts'
import { live } from './limits.ts'
import { ownMessage } from './own.ts'
import { isNoRecord } from './threads.ts'
import { keyOfItem } from './tid.ts'
import { Refused, type Xrpc } from './xrpc.ts'

const POST = 'app.bsky.feed.post'

/** What a server of the network takes. @param direct whether there is a service for direct messages. */
export function sendLimits(direct: boolean): SendLimits {
  return {
    kinds: direct ? ['post', 'reply', 'direct'] : ['post', 'reply'],
    acts,
    edits: false,
    deletes: true,
    visibilities: ['public'],
    warnings: false,
    quotes: true,
    text: { counting: 'graphemes', most: most.graphemes, mostBytes: most.bytes },
    media: { most: most.images, types: [...most.imageTypes], mostBytes: { image: most.imageBytes }, mostAlt: most.alt },
  }
}

export interface SenderParts {
  context: Context<BlueskySettings>
  xrpc: Xrpc
  chat: Chat
  /** The account's DID. */
  did: string
  author: () => Author
}

/** Publishes and acts for the account. */
export class Sender {
  private readonly parts: SenderParts

  constructor(parts: SenderParts) {
    this.parts = parts
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { content } = item
    return this.told(async () => {
      if (content.do === 'edit') throw refused('posts there cannot be edited')
      if (content.do === 'delete') {
        if (item.target === null) throw refused('nothing to delete')
        await deleteRecord(item.target.remoteId, this.tools(signal))
        return { message: null }
      }
      if (content.do === 'act') {
        await carryOut(item, content, this.tools(signal))
        return { message: null }
      }
      if (content.kind === 'direct') return { message: await this.sendDirect(item, content, signal) }
      return this.publish(item, content, signal)
    })
  }

  async find(item: Outgoing, signal: AbortSignal): Promise<Sent | null> {
    const { content } = item
    const { did } = this.parts
    if (content.do === 'edit') return null
    if (content.do === 'delete') {
      const [, collection, rkey] = (item.target?.remoteId ?? '').slice('at://'.length).split('/')
      if (collection === undefined || rkey === undefined) return null
      return (await hasRecord({ ...this.parts, signal }, collection, rkey)) ? null : { message: null }
    }
    if (content.do === 'act') return (await isDone(item, content, this.tools(signal))) ? { message: null } : null
    if (content.kind === 'direct') return this.findDirect(item, content, signal)
    const found = await this.recordOf(`at://${did}/${POST}/${keyOfItem(item)}`, signal)
    return found === null ? null : { message: found.message, answer: found.answer }
  }

  /** An own record as it is now; null where it is gone. */
  async recordOf(uri: string, signal: AbortSignal): Promise<{ message: IncomingMessage; answer: Answer; cid: string } | null> {
    const { xrpc } = this.parts
    const [repo, collection, rkey] = uri.slice('at://'.length).split('/')
    try {
      const { value, bytes, answer, endpoint } = await xrpc.query('com.atproto.repo.getRecord', {
        params: { repo, collection, rkey },
        signal,
      })
      const found = z.object({ uri: z.string(), cid: z.string(), value: z.unknown() }).safeParse(value).data
      if (found === undefined)
        throw new ConnectorFault('transient', 'protocol', { host: xrpc.host, detail: 'a record of another shape' })
      const listed = { ...found, value: found.value, exact: () => bytes }
      return { message: ownMessage(listed, this.parts.author(), null, endpoint), answer, cid: found.cid }
    } catch (error) {
      if (error instanceof Refused && isNoRecord(error)) return null
      throw error
    }
  }

  private async publish(item: Outgoing, content: Publish, signal: AbortSignal): Promise<Sent> {
    const { xrpc, did, context } = this.parts
    if (content.warning !== '' || (content.visibility !== null && content.visibility !== 'public'))
      throw refused('a warning or a choice of readers, which it does not know')
    const record = await this.untaken(() =>
      postRecord(item, content, {
        resolve: (handle) => this.resolve(handle, signal),
        upload: (media) => this.upload(item, media, signal),
        now: context.clock.now(),
      }),
    )
    // A key that is there already is refused by the server: the same item cannot become two posts.
    const body = { repo: did, collection: POST, rkey: keyOfItem(item), record }
    const { value, answer, bytes } = await xrpc.procedure('com.atproto.repo.createRecord', { body, signal })
    const made = z.object({ uri: z.string(), cid: z.string() }).safeParse(value).data
    if (made === undefined)
      throw new ConnectorFault('transient', 'protocol', { host: xrpc.host, detail: 'a record of another shape' })
    const endpoint = xrpc.address('com.atproto.repo.getRecord', { repo: did, collection: POST, rkey: keyOfItem(item) })
    const listed = { ...made, value: record, exact: () => bytes }
    return { message: ownMessage(listed, this.parts.author(), null, endpoint), answer }
  }

  /** Puts a picture on the server, where it stays for a record to name it. */
  private async upload(item: Outgoing, media: OutgoingMedia, signal: AbortSignal): Promise<unknown> {
    if (!most.imageTypes.some((type) => type === media.mediaType)) throw refused(`${media.mediaType} files`)
    if (media.size > most.imageBytes) throw refused(`a picture of ${media.size} bytes, and ${most.imageBytes} is the most`)
    const pieces: Uint8Array[] = []
    for await (const piece of item.open(media.sha256)) pieces.push(piece)
    const file = { bytes: new Uint8Array(Buffer.concat(pieces)), mediaType: media.mediaType }
    const { value } = await this.parts.xrpc.procedure('com.atproto.repo.uploadBlob', { file, signal })
    const blob = z.object({ blob: z.unknown() }).safeParse(value).data?.blob
    if (blob === undefined)
      throw new ConnectorFault('transient', 'protocol', { host: this.parts.xrpc.host, detail: 'a file of another shape' })
    return blob
  }

  private async resolve(handle: string, signal: AbortSignal): Promise<string | null> {
    if (isDid(handle)) return handle
    try {
      const { value } = await this.parts.xrpc.query('com.atproto.identity.resolveHandle', { params: { handle }, signal })
      return z.object({ did: z.string() }).safeParse(value).data?.did ?? null
    } catch (error) {
      if (error instanceof Refused) return null
      throw error
    }
  }

  private async sendDirect(item: Outgoing, content: Publish, signal: AbortSignal): Promise<IncomingMessage> {
    refuseLong(content.text, most.direct)
    if (content.media.length > 0) throw refused('files in direct messages')
    const { convo, message } = await this.untaken(async () => {
      const facets = await facetsOf(content.text, (handle) => this.resolve(handle, signal))
      const text = { text: content.text, ...(facets.length > 0 ? { facets } : {}) }
      return { convo: await this.convo(item, content, signal), message: text }
    })
    return this.parts.chat.send(convo, message, signal)
  }

  /**
   * The service has no key of ours to know a message by: an own message with the same words in the same conversation, not older than the
   * item, is taken for it. Two items alike would be taken for one rather than one be sent twice.
   */
  private async findDirect(item: Outgoing, content: Publish, signal: AbortSignal): Promise<Sent | null> {
    const convo = await this.convo(item, content, signal)
    const own = await this.parts.chat.own(convo, new Date(Date.parse(item.queuedAt) - live.skewMs).toISOString(), signal)
    const found = own.find(({ view }) => view.text === content.text)
    return found === undefined ? null : { message: found.message }
  }

  private async convo(item: Outgoing, content: Publish, signal: AbortSignal): Promise<string> {
    const known = item.target === null ? null : convoOf(item.target.remoteId)
    if (known !== null) return known
    const handle = content.to[0]?.handle.trim().replace(/^@/, '')
    const did = handle === undefined || content.to.length > 1 ? null : await this.resolve(handle, signal)
    if (did === null) throw refused('nobody, or more than one, to write to')
    return this.parts.chat.with(did, signal)
  }

  private tools(signal: AbortSignal): ActTools {
    const { xrpc, did, context } = this.parts
    return { xrpc, did, signal, now: context.clock.now(), resolve: (handle) => this.resolve(handle, signal) }
  }

  /** What the server refused it does not have; why, it says in its own words. */
  private async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { host } = this.parts.xrpc
      const detail = error.detail || error.reason || `HTTP ${error.status}`
      throw new ConnectorFault('decision', 'server_error', { host, detail }, { cause: error, untaken: true })
    }
  }

  /** What fails before anything is published leaves nothing. */
  private async untaken<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ConnectorFault) || error.untaken) throw error
      const { kind, code, params, retryAt } = error
      throw new ConnectorFault(kind, code, params, { cause: error, untaken: true, ...(retryAt === null ? {} : { retryAt }) })
    }
  }
}
