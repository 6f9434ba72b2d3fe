import { judgeInput, judgeOutput, judgeParams } from './lexicons.ts'
import type { Answer, Asked } from './proxy.ts'

interface Message {
  $type: string
  id: string
  rev: string
  text: string
  sender: { did: string }
  sentAt: string
}

interface Member {
  did: string
  handle: string
  displayName?: string
}

interface Convo {
  id: string
  members: Member[]
  messages: Message[]
  unread: number
}

type Entry = { $type: string; rev: string; convoId: string; message?: Record<string, unknown> }

/**
 * The service for direct messages, which is not among the network's own servers: with state, its requests and answers judged by the
 * network's own schemas.
 */
export class ChatServer {
  readonly convos = new Map<string, Convo>()
  readonly logs: Entry[] = []
  /** Messages in one page. */
  pageSize = 3
  /** Requests that were answered, by name. */
  readonly answered: string[] = []
  private readonly own: string
  private count = 0

  /** @param own DID of the account that asks. */
  constructor(own: string) {
    this.own = own
  }

  add(id: string, members: Member[]): void {
    this.convos.set(id, { id, members, messages: [], unread: 0 })
    this.logs.push({ $type: 'chat.bsky.convo.defs#logBeginConvo', rev: this.rev(), convoId: id })
  }

  write(convoId: string, from: string, text: string): Message {
    const convo = this.get(convoId)
    const rev = this.rev()
    // No two in one millisecond: they order by their time.
    const sentAt = new Date(Date.now() + this.count).toISOString()
    const message = {
      $type: 'chat.bsky.convo.defs#messageView',
      id: `message${this.count}`,
      rev,
      text,
      sender: { did: from },
      sentAt,
    }
    convo.messages.push(message)
    if (from !== this.own) convo.unread++
    this.logs.push({ $type: 'chat.bsky.convo.defs#logCreateMessage', rev, convoId, message })
    return message
  }

  remove(convoId: string, id: string): void {
    const convo = this.get(convoId)
    const gone = convo.messages.find((message) => message.id === id)
    if (gone === undefined) throw new Error(`there is no ${id}`)
    convo.messages = convo.messages.filter((message) => message !== gone)
    const { sender, sentAt } = gone
    const rev = this.rev()
    const message = { $type: 'chat.bsky.convo.defs#deletedMessageView', id, rev, sender, sentAt }
    this.logs.push({ $type: 'chat.bsky.convo.defs#logDeleteMessage', rev, convoId, message })
  }

  /** Answers a request for the service; null where it is for another. */
  readonly answer = (asked: Asked): Answer | null => {
    if (asked.headers['atproto-proxy'] !== 'did:web:api.bsky.chat#bsky_chat') return null
    const { name, url, body } = asked
    judgeParams(name, url.searchParams)
    const input: unknown = asked.method === 'POST' ? JSON.parse(body.toString()) : undefined
    if (input !== undefined) judgeInput(name, input)
    const output = this.handle(name.replace('chat.bsky.convo.', ''), url.searchParams, input)
    judgeOutput(name, output)
    this.answered.push(name)
    return { body: JSON.stringify(output) }
  }

  private handle(name: string, params: URLSearchParams, input: unknown): Record<string, unknown> {
    const at = Number(params.get('cursor') ?? 0)
    const convoId = params.get('convoId') ?? ''
    switch (name) {
      case 'listConvos': {
        const all = [...this.convos.values()]
        return {
          convos: all.slice(at, at + 1).map((convo) => this.view(convo)),
          ...(at + 1 < all.length ? { cursor: String(at + 1) } : {}),
        }
      }
      case 'getConvo':
        return { convo: this.view(this.get(convoId)) }
      case 'getConvoForMembers': {
        const wanted = params.getAll('members')
        const found = [...this.convos.values()].find(({ members }) =>
          wanted.every((did) => members.some((member) => member.did === did)),
        )
        if (found === undefined) throw new Error('nobody to write to')
        return { convo: this.view(found) }
      }
      case 'getMessages': {
        const newest = [...this.get(convoId).messages].reverse()
        const end = at + this.pageSize
        return { messages: newest.slice(at, end), ...(end < newest.length ? { cursor: String(end) } : {}) }
      }
      case 'getLog': {
        const after = params.get('cursor') ?? ''
        const logs = this.logs.filter(({ rev }) => rev > after).slice(0, this.pageSize)
        return { logs, cursor: logs.at(-1)?.rev ?? after }
      }
      case 'sendMessage': {
        const { convoId: id, message } = input as { convoId: string; message: { text: string } }
        return { ...this.write(id, this.own, message.text) }
      }
      default:
        throw new Error(`no ${name}`)
    }
  }

  private view({ id, members, unread }: Convo): Record<string, unknown> {
    return {
      id,
      rev: this.logs.filter(({ convoId }) => convoId === id).at(-1)?.rev ?? '',
      members,
      muted: false,
      unreadCount: unread,
    }
  }

  private get(id: string): Convo {
    const convo = this.convos.get(id)
    if (convo === undefined) throw new Error(`there is no ${id}`)
    return convo
  }

  private rev(): string {
    return `rev${String(++this.count).padStart(6, '0')}`
  }
}
