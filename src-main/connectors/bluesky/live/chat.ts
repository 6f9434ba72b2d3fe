import { z } from 'zod'
import type { Batch, Context, IncomingMessage } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { readCursor } from '#connectors/kit/cursor.ts'
import type { BlueskySettings } from '#shared/model/index.ts'
import { directMessage, Member, MessageView, remoteIdOf } from './direct.ts'
import { live } from './limits.ts'
import { membersOf } from './values.ts'
import { type Answered, Refused, type Xrpc } from './xrpc.ts'

/** The service that carries direct messages (https://docs.bsky.app/docs/tutorials/direct-messages). */
const SERVICE = 'did:web:api.bsky.chat#bsky_chat'
/** Stream of the log; each conversation is a stream of its own, `chat:ID`. */
export const CHAT = 'chat'

const LogCursor = z.object({
  /** Where the log is read on from. */
  log: z.string(),
  /** All conversations there were at the first pass have been read. */
  filled: z.boolean(),
})
type LogCursor = z.infer<typeof LogCursor>
const ConvoCursor = z.object({
  /** Where older messages are read on from; null once there are none. */
  at: z.string().nullable(),
})

const Convo = z.object({
  id: z.string().min(1).max(200),
  rev: z.string().max(100).catch(''),
  members: z.array(Member).max(1000).catch([]),
  unreadCount: z.number().int().nonnegative().catch(0),
})
type Convo = z.infer<typeof Convo>
const Convos = z.object({ convos: z.array(z.unknown()), cursor: z.string().optional() })
const Messages = z.object({ messages: z.array(z.unknown()), cursor: z.string().optional() })
const Log = z.object({ logs: z.array(z.unknown()), cursor: z.string().optional() })
const Entry = z.object({ $type: z.string(), rev: z.string(), convoId: z.string().min(1).max(200) })
const Deleted = z.object({ message: z.object({ id: z.string() }) })

/** Direct messages: all of them the first time, then what the service's log tells. */
export class Chat {
  private readonly context: Context<BlueskySettings>
  private readonly xrpc: Xrpc
  private readonly did: string
  private readonly convos = new Map<string, Convo>()

  constructor(context: Context<BlueskySettings>, xrpc: Xrpc, did: string) {
    this.context = context
    this.xrpc = xrpc
    this.did = did
  }

  /** Whether it was ever there for this account. */
  async isKnown(): Promise<boolean> {
    return (await this.context.cursor(CHAT)) !== null
  }

  /** @throws Refused, ConnectorFault where there is no such service, or the sign-in is not good for it. */
  async sync(signal: AbortSignal): Promise<void> {
    const cursor = readCursor(LogCursor, await this.context.cursor(CHAT))
    const filled = cursor?.filled === true ? cursor : await this.fill(cursor, signal)
    await this.follow(filled, signal)
  }

  /** The conversation with one person, made where there is none. */
  async with(did: string, signal: AbortSignal): Promise<string> {
    const { value } = await this.get('getConvoForMembers', { members: [did] }, signal)
    return this.keep(z.object({ convo: z.unknown() }).parse(value).convo).id
  }

  async send(convoId: string, message: Record<string, unknown>, signal: AbortSignal): Promise<IncomingMessage> {
    const answered = await this.xrpc.procedure('chat.bsky.convo.sendMessage', {
      body: { convoId, message },
      proxy: SERVICE,
      signal,
    })
    const view = MessageView.safeParse(answered.value).data
    if (view === undefined) throw this.unfit()
    return directMessage(view, answered.bytes, await this.convo(convoId, signal), this.did, this.endpoint(convoId))
  }

  /** Own messages of a conversation that are not older than a time, newest first. */
  async own(convoId: string, since: string, signal: AbortSignal): Promise<{ view: MessageView; message: IncomingMessage }[]> {
    const convo = await this.convo(convoId, signal)
    const found: { view: MessageView; message: IncomingMessage }[] = []
    for (let at: string | undefined, first = true; first || at !== undefined; first = false) {
      const page = await this.page(convoId, at, signal)
      for (const { view, raw } of page.messages) {
        if (view.sentAt < since) return found
        if (view.sender.did === this.did)
          found.push({ view, message: directMessage(view, raw, convo, this.did, this.endpoint(convoId)) })
      }
      at = page.messages.length === 0 ? undefined : page.after
    }
    return found
  }

  private async fill(before: LogCursor | null, signal: AbortSignal): Promise<LogCursor> {
    let log = before?.log ?? ''
    let after: string | undefined
    do {
      const from: Answered = await this.get('listConvos', { limit: live.page, cursor: after }, signal)
      const page = Convos.safeParse(from.value).data
      if (page === undefined) throw this.unfit()
      const list = page.convos.flatMap((entry) => Convo.safeParse(entry).data ?? [])
      if (before === null) {
        // What happens from now on stands in the log after the newest of these.
        for (const { rev } of list) if (rev > log) log = rev
        before = { log, filled: false }
        await this.context.commit(this.batch(CHAT, before, [], [], from))
      }
      for (const convo of list) {
        this.convos.set(convo.id, convo)
        await this.read(convo, signal)
      }
      after = page.convos.length === 0 || page.cursor === after ? undefined : page.cursor
    } while (after !== undefined)
    const filled = { log, filled: true }
    await this.context.commit(this.batch(CHAT, filled, [], [], null))
    return filled
  }

  /** Reads a conversation from its newest message to its first. Goes on where it was cut short. */
  private async read(convo: Convo, signal: AbortSignal): Promise<void> {
    const stream = `${CHAT}:${convo.id}`
    const cursor = readCursor(ConvoCursor, await this.context.cursor(stream))
    if (cursor !== null && cursor.at === null) return
    let at = cursor?.at ?? undefined
    let unread = cursor === null ? convo.unreadCount : 0
    for (;;) {
      const page = await this.page(convo.id, at, signal)
      const messages = page.messages.map(({ view, raw }) => {
        const message = directMessage(view, raw, convo, this.did, this.endpoint(convo.id))
        return message.direction === 'inbound' && unread-- > 0 ? message : { ...message, read: true }
      })
      at = page.messages.length === 0 || page.after === at ? undefined : page.after
      await this.context.commit(this.batch(stream, { at: at ?? null }, messages, [], page.from))
      if (at === undefined) return
    }
  }

  /** Reads the log to its end. */
  private async follow(cursor: LogCursor, signal: AbortSignal): Promise<void> {
    let { log } = cursor
    for (;;) {
      const from = await this.get('getLog', { cursor: log === '' ? undefined : log }, signal)
      const page = Log.safeParse(from.value).data
      if (page === undefined) throw this.unfit()
      const raws = membersOf(from.bytes, 'logs', 'message')
      const changes = new Map<string, { messages: IncomingMessage[]; gone: string[] }>()
      for (const [index, value] of page.logs.entries()) {
        const entry = Entry.safeParse(value).data
        if (entry === undefined) continue
        if (entry.rev > log) log = entry.rev
        const change = changes.get(entry.convoId) ?? { messages: [], gone: [] }
        changes.set(entry.convoId, change)
        await this.take(entry, value, raws[index], change, signal)
      }
      for (const [convoId, { messages, gone }] of changes) {
        const have = await this.context.has(messages.map(({ remoteId }) => remoteId))
        const fresh = messages.filter(({ remoteId }) => !have.has(remoteId))
        if (fresh.length + gone.length === 0) continue
        await this.context.commit(this.batch(`${CHAT}:${convoId}`, { at: null }, fresh, gone, from))
      }
      const next = page.cursor !== undefined && page.cursor > log ? page.cursor : log
      const moved = page.logs.length > 0 && next !== cursor.log
      log = next
      if (!moved) return
      cursor = { log, filled: true }
      await this.context.commit(this.batch(CHAT, cursor, [], [], from))
    }
  }

  private async take(
    entry: z.infer<typeof Entry>,
    value: unknown,
    raw: Uint8Array | undefined,
    change: { messages: IncomingMessage[]; gone: string[] },
    signal: AbortSignal,
  ): Promise<void> {
    if (entry.$type.endsWith('#logBeginConvo')) await this.read(await this.convo(entry.convoId, signal), signal)
    if (entry.$type.endsWith('#logDeleteMessage')) {
      const id = Deleted.safeParse(value).data?.message.id
      if (id !== undefined) change.gone.push(remoteIdOf(entry.convoId, id))
    }
    if (!entry.$type.endsWith('#logCreateMessage') || raw === undefined) return
    const view = z.object({ message: MessageView }).safeParse(value).data?.message
    if (view === undefined) return
    const convo = await this.convo(entry.convoId, signal)
    change.messages.push(directMessage(view, raw, convo, this.did, this.endpoint(entry.convoId)))
  }

  private async page(convoId: string, cursor: string | undefined, signal: AbortSignal) {
    const from = await this.get('getMessages', { convoId, limit: live.page, cursor }, signal)
    const page = Messages.safeParse(from.value).data
    if (page === undefined) throw this.unfit()
    const exact = membersOf(from.bytes, 'messages')
    const messages = page.messages.flatMap((value, index) => {
      const view = MessageView.safeParse(value).data
      const raw = exact[index]
      return view === undefined || raw === undefined ? [] : [{ view, raw }]
    })
    return { messages, after: page.cursor, from }
  }

  private async convo(id: string, signal: AbortSignal): Promise<Convo> {
    const known = this.convos.get(id)
    if (known) return known
    const { value } = await this.get('getConvo', { convoId: id }, signal)
    return this.keep(z.object({ convo: z.unknown() }).safeParse(value).data?.convo)
  }

  private keep(value: unknown): Convo {
    const convo = Convo.safeParse(value).data
    if (convo === undefined) throw this.unfit()
    this.convos.set(convo.id, convo)
    return convo
  }

  private get(
    name: string,
    params: Record<string, string | number | string[] | undefined>,
    signal: AbortSignal,
  ): Promise<Answered> {
    return this.xrpc.query(`chat.bsky.convo.${name}`, { params, signal, proxy: SERVICE })
  }

  private endpoint(convoId: string): string {
    return this.xrpc.address('chat.bsky.convo.getMessages', { convoId })
  }

  private batch(stream: string, cursor: unknown, messages: IncomingMessage[], gone: string[], from: Answered | null): Batch {
    const batch = { stream, cursor: JSON.stringify(cursor), messages, marks: [], gone }
    return from === null ? batch : { ...batch, answer: from.answer }
  }

  private unfit(): ConnectorFault {
    return new ConnectorFault('transient', 'protocol', { host: this.xrpc.host, detail: 'direct messages of another shape' })
  }
}

/** Whether a fault says that there is no such service here, or not for this sign-in. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Refused || (error instanceof ConnectorFault && error.kind === 'login')
}
